import { CircleAlert } from 'lucide-react'
import { describeProblem } from '../app/problem.ts'
import { strings } from '../strings.ts'
import { CopyButton } from './copy-button.tsx'

/** An error with its code, a copyable request id and, where it makes sense, a way to try again. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = describeProblem(error)
  return (
    <div className="notice bad" role="alert">
      <CircleAlert className="icon" aria-hidden="true" />
      <div>
        <b>{problem.title}</b>
        <p>{problem.detail}</p>
        <p className="meta">
          <code>{problem.code}</code>
          <span>{problem.charged ? strings.problem.charged : strings.problem.notCharged}</span>
          {problem.requestId && (
            <CopyButton className="plain" text={problem.requestId} label={strings.problem.copyRequestId} />
          )}
        </p>
        {onRetry && problem.retryable && (
          <p className="actions">
            <button type="button" className="btn" onClick={onRetry}>
              {strings.problem.retry}
            </button>
          </p>
        )}
      </div>
    </div>
  )
}
