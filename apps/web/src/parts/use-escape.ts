import { type RefObject, useEffect, useRef } from 'react'

/** Calls back when Escape is pressed inside an element, and keeps the key from whatever is outside. */
export function useEscape(element: RefObject<HTMLElement | null>, onEscape: () => void) {
  const latest = useRef(onEscape)
  useEffect(() => {
    latest.current = onEscape
  })
  useEffect(() => {
    const target = element.current
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      latest.current()
    }
    target?.addEventListener('keydown', onKeyDown)
    return () => target?.removeEventListener('keydown', onKeyDown)
  }, [element])
}
