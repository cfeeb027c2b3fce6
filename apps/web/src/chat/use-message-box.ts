import { MAX_MESSAGE_LENGTH } from '@apex/protocol/thread'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'

/** A message box whose text is kept as the draft of its thread, and which grows with it. */
export function useMessageBox(draftKey: string) {
  const { drafts } = useWorkspace()
  const [text, setText] = useState(() => drafts.read(draftKey))
  // Two presses of Enter come before React has drawn the first.
  const latest = useRef(text)
  const box = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    if (!isTouchOnly()) box.current?.focus({ preventScroll: true })
  }, [])

  useLayoutEffect(() => {
    const area = box.current
    if (!area) return
    area.style.height = 'auto'
    // An empty box has the height of its one line, not of a placeholder that wraps; the style sets the limit.
    if (text !== '') area.style.height = `${area.scrollHeight}px`
  }, [text])

  function write(next: string) {
    latest.current = next
    setText(next)
    drafts.write(draftKey, next)
  }

  return {
    box,
    text,
    write,
    /** Takes what can be sent out of the box; blank or too long stays there and gives nothing. */
    take: (): string => {
      const given = latest.current
      if (given.trim() === '' || given.length > MAX_MESSAGE_LENGTH) return ''
      write('')
      return given
    },
  }
}

/** Without a hardware keyboard there is no Shift+Enter: Enter makes a line and the button sends. */
export function isTouchOnly(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches
}
