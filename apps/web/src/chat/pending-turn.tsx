import type { PendingMessage } from '@apex/client/commands'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { strings } from '../strings.ts'

const words = strings.chat

/** A message that its thread does not show yet: on its way, waiting for the network, or not sent. */
export function PendingTurn({
  message,
  onRetry,
  onDiscard,
}: {
  message: PendingMessage
  onRetry: () => void
  onDiscard: () => void
}) {
  const failed = message.state === 'failed'
  return (
    <article className="turn" aria-busy={!failed}>
      <div className="said pending">
        <p dir="auto">{message.text}</p>
        <span className={failed ? 'meta bad' : 'meta'}>{stateText(message.state)}</span>
      </div>
      {failed && (
        <div className="pending-trouble">
          <ProblemNotice error={message.error} />
          <div className="actions">
            <button type="button" className="btn" onClick={onRetry}>
              {words.retry}
            </button>
            <button type="button" className="ghost" onClick={onDiscard}>
              {words.discard}
            </button>
          </div>
        </div>
      )}
    </article>
  )
}

function stateText(state: PendingMessage['state']): string {
  if (state === 'failed') return words.notSent
  return state === 'waiting' ? words.waitingForNetwork : words.sending
}
