import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { FigureRef } from '../paths.ts'

/** This close to the end counts as at the end. */
const SLACK_PX = 48

/** Where each thread was left, for coming back to it; `end` follows what is new. */
const left = new Map<string, number | 'end'>()

/**
 * Keeps a scroller at its end while its content grows, but only if the reader is there; comes back to where a thread
 * was left. Returns whether the end is in view, and a way there.
 */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, key: string, open: FigureRef | undefined) {
  const [atEnd, setAtEnd] = useState(true)
  const sticking = useRef(true)
  const shown = useRef(false)

  const toEnd = useCallback(() => {
    sticking.current = true
    setAtEnd(true)
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [scroller])

  useLayoutEffect(() => {
    const element = scroller.current
    const content = element?.firstElementChild
    if (!element || !content) return undefined
    const kept = left.get(key) ?? 'end'
    const wasLeftAt = kept === 'end' ? undefined : kept
    sticking.current = wasLeftAt === undefined

    function onResize() {
      if (!element) return
      if (sticking.current) element.scrollTop = element.scrollHeight
      else if (!shown.current && wasLeftAt !== undefined) element.scrollTop = wasLeftAt
      if (element.scrollHeight > element.clientHeight) shown.current = true
    }
    function onScroll() {
      if (!element) return
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < SLACK_PX
      sticking.current = isAtEnd
      setAtEnd(isAtEnd)
      left.set(key, isAtEnd ? 'end' : element.scrollTop)
    }
    const observer = new ResizeObserver(onResize)
    observer.observe(content)
    observer.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller, key])

  useBringIntoView(scroller, open)
  return { atEnd, toEnd }
}

/** A figure opened by its address, or stepped to, is brought into view. */
function useBringIntoView(scroller: RefObject<HTMLElement | null>, open: FigureRef | undefined) {
  const runId = open?.runId
  const claimId = open?.claimId
  useEffect(() => {
    const chip = scroller.current?.querySelector(`[data-run="${runId}"] [data-claim="${claimId}"]`)
    chip?.scrollIntoView({ block: 'nearest' })
  }, [scroller, runId, claimId])
}
