import { MAX_MESSAGE_LENGTH } from '@apex/protocol/thread'
import { Clock, Square } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { formatCount } from '../format/number.ts'
import { strings } from '../strings.ts'
import { ModelLabel } from './model-label.tsx'

const words = strings.chat.composer

/** What the composer can do to its thread; stop and hold are absent where no thread is yet. */
export type ComposerActions = {
  send(text: string): void
  hold?: (text: string) => void
  stop?: () => void
}

/**
 * The message box: Enter sends, Shift+Enter makes a line, drafts are kept per thread, Up brings the last message back.
 * While a run is under way Stop stands where Send was, and Enter holds the next message back.
 */
export function Composer({
  draftKey,
  busy,
  stopping,
  lastMessage,
  held,
  onRelease,
  actions,
}: {
  draftKey: string
  busy: boolean
  stopping: boolean
  lastMessage: string | undefined
  held: readonly string[]
  onRelease: (index: number) => string
  actions: ComposerActions
}) {
  const { drafts } = useWorkspace()
  const [text, setText] = useState(() => drafts.read(draftKey))
  // Read by the handlers: two presses of Enter come before React has drawn the first.
  const latest = useRef(text)
  const box = useRef<HTMLTextAreaElement>(null)
  useGrowingHeight(box, text)
  useEffect(() => {
    if (!isTouchOnly()) box.current?.focus({ preventScroll: true })
  }, [])

  function write(next: string) {
    latest.current = next
    setText(next)
    drafts.write(draftKey, next)
  }

  const tooLong = text.length > MAX_MESSAGE_LENGTH
  function submit() {
    const given = latest.current
    if (given.trim() === '' || given.length > MAX_MESSAGE_LENGTH) return
    write('')
    if (busy && actions.hold) actions.hold(given)
    else actions.send(given)
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // 229 is what some input methods report while they compose.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey && !isTouchOnly()) {
      event.preventDefault()
      submit()
    } else if (event.key === 'ArrowUp' && latest.current === '' && lastMessage) {
      event.preventDefault()
      write(lastMessage)
    }
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <HeldMessages
        held={held}
        onEdit={(index) => write(onRelease(index))}
        onRemove={onRelease}
        onSendNow={(index) => actions.send(onRelease(index))}
      />
      <div className="box">
        <textarea
          ref={box}
          id="composer"
          rows={1}
          dir="auto"
          value={text}
          placeholder={words.placeholder}
          aria-label={words.label}
          aria-describedby="composer-hint"
          aria-invalid={tooLong}
          enterKeyHint="send"
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {tooLong && (
          <p className="too-long bad" role="alert">
            {words.tooLong(formatCount(MAX_MESSAGE_LENGTH))}
          </p>
        )}
        <div className="box-row">
          <ModelLabel />
          <span className="quiet wide" id="composer-hint">
            {words.hint}
          </span>
          {busy && actions.stop ? (
            <button type="button" className="btn stop" disabled={stopping} onClick={actions.stop}>
              <Square className="icon" aria-hidden="true" />
              {stopping ? words.stopping : words.stop}
              <kbd className="wide">Esc</kbd>
            </button>
          ) : (
            <button type="submit" className="btn primary" disabled={text.trim() === '' || tooLong}>
              {words.send}
            </button>
          )}
        </div>
      </div>
    </form>
  )
}

function HeldMessages({
  held,
  onEdit,
  onRemove,
  onSendNow,
}: {
  held: readonly string[]
  onEdit: (index: number) => void
  onRemove: (index: number) => void
  onSendNow: (index: number) => void
}) {
  return held.map((text, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- equal texts may be held twice; their place is what tells them apart
    <div className="held" key={index}>
      <Clock className="icon" aria-hidden="true" />
      <p>{words.next(text)}</p>
      <button type="button" className="ghost" onClick={() => onEdit(index)}>
        {words.edit}
      </button>
      <button type="button" className="ghost" onClick={() => onRemove(index)}>
        {words.remove}
      </button>
      <button type="button" className="ghost" onClick={() => onSendNow(index)}>
        {words.sendNow}
      </button>
    </div>
  ))
}

/** Grows with its text until the style's own limit, then scrolls. */
function useGrowingHeight(box: React.RefObject<HTMLTextAreaElement | null>, text: string) {
  useLayoutEffect(() => {
    const area = box.current
    if (!area) return
    area.style.height = 'auto'
    // The empty box has the height of its one line, not of a placeholder that wraps.
    if (text !== '') area.style.height = `${area.scrollHeight}px`
  }, [box, text])
}

// Without a hardware keyboard there is no Shift+Enter: Enter makes a line and the button sends.
function isTouchOnly(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches
}
