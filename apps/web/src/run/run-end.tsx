import type { RunView } from '@apex/client/run-view'
import { CircleAlert, Square } from 'lucide-react'
import { formatMoney } from '../format/money.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { strings } from '../strings.ts'

const words = strings.chat.answer

/** How a run ended when it did not end well: what happened, what it cost, what to do, what to quote. */
export function RunEnd({ run, onAskAgain }: { run: RunView; onAskAgain?: () => void }) {
  if (run.state !== 'finished') return null
  if (run.outcome === 'completed') {
    return run.missingEvents.length > 0 ? (
      <p className="small warn">{words.missing(run.missingEvents.join(', '))}</p>
    ) : null
  }
  const failed = run.outcome === 'failed'
  const Icon = failed ? CircleAlert : Square
  return (
    <div className={failed ? 'notice bad run-end' : 'notice run-end'}>
      <Icon className="icon" aria-hidden="true" />
      <div>
        <b>{failed ? (run.error?.title ?? words.failedTitle) : words.stoppedTitle}</b>
        <p>{failed ? (run.error?.detail ?? run.reason ?? words.failed) : words.stopped}</p>
        <p className="meta">
          <span>{costText(run)}</span>
          {run.error && <code>{run.error.code}</code>}
          {run.error?.requestId && (
            <CopyButton className="plain" text={run.error.requestId} label={strings.problem.copyRequestId} />
          )}
        </p>
        {onAskAgain && (
          <p className="actions">
            <button type="button" className="btn" onClick={onAskAgain}>
              {words.askAgain}
            </button>
            <span className="second">{words.whatToDo}</span>
          </p>
        )}
      </div>
    </div>
  )
}

function costText(run: RunView): string {
  if (run.usage.costUsd === null) return words.costUnknown
  return /[1-9]/.test(run.usage.costUsd) ? words.costWas(formatMoney(run.usage.costUsd)) : strings.problem.notCharged
}
