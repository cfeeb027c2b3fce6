import { MAX_MESSAGE_LENGTH } from '@apex/protocol/thread'
import { Square } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'
import { formatCount } from '../format/number.ts'
import { strings } from '../strings.ts'
import { HeldMessages } from './held-messages.tsx'
import { ModelLabel } from './model-label.tsx'
import { isTouchOnly, useMessageBox } from './use-message-box.ts'

const words = strings.chat.composer

/** What the composer can do to its thread; stop and hold are absent where no thread is yet. */
export type ComposerActions = {
  send: (text: string) => void
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
  const { box, text, write, take } = useMessageBox(draftKey)
  const tooLong = text.length > MAX_MESSAGE_LENGTH

  function submit() {
    const given = take()
    const act = (busy && actions.hold) || actions.send
    if (given !== '') act(given)
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
        <MessageText box={box} text={text} onWrite={write} onEnter={submit} lastMessage={lastMessage} />
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
            <StopButton stopping={stopping} onStop={actions.stop} />
          ) : (
            <SendButton disabled={text.trim() === '' || tooLong} />
          )}
        </div>
      </div>
    </form>
  )
}

function MessageText({
  box,
  text,
  onWrite,
  onEnter,
  lastMessage,
}: {
  box: RefObject<HTMLTextAreaElement | null>
  text: string
  onWrite: (text: string) => void
  onEnter: () => void
  lastMessage: string | undefined
}) {
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // 229 is what some input methods report while they compose.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey && !isTouchOnly()) {
      event.preventDefault()
      onEnter()
    } else if (event.key === 'ArrowUp' && text === '' && lastMessage) {
      event.preventDefault()
      onWrite(lastMessage)
    }
  }

  return (
    <textarea
      ref={box}
      id="composer"
      rows={1}
      dir="auto"
      value={text}
      placeholder={words.placeholder}
      aria-label={words.label}
      aria-describedby="composer-hint"
      aria-invalid={text.length > MAX_MESSAGE_LENGTH}
      enterKeyHint="send"
      onChange={(event) => onWrite(event.target.value)}
      onKeyDown={onKeyDown}
    />
  )
}

function SendButton({ disabled }: { disabled: boolean }) {
  return (
    <button type="submit" className="btn primary" disabled={disabled}>
      {words.send}
    </button>
  )
}

function StopButton({ stopping, onStop }: { stopping: boolean; onStop: () => void }) {
  return (
    <button type="button" className="btn stop" disabled={stopping} onClick={onStop}>
      <Square className="icon" aria-hidden="true" />
      {stopping ? words.stopping : words.stop}
      <kbd className="wide">Esc</kbd>
    </button>
  )
}
