import { ApiError } from '@apex/client/errors'
import { Link } from '@tanstack/react-router'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'
import { usePageTitle } from './page-title.ts'
import { ProblemNotice } from './problem-notice.tsx'

/** Nothing is here, or nothing this person may see; the two are not told apart. */
export function NotFound() {
  usePageTitle(strings.problem.notFoundTitle)
  return (
    <main className="centre" id="main" tabIndex={-1}>
      <h1>{strings.problem.notFoundTitle}</h1>
      <p className="second">{strings.problem.notFound}</p>
      <Link className="btn" to={PATHS.chat}>
        {strings.problem.toChat}
      </Link>
    </main>
  )
}

/** A whole page's error: "not found" for what does not exist or belongs to others, else the problem. */
export function NotFoundOr({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const absent = error instanceof ApiError && ['not_found', 'invalid_request', 'forbidden'].includes(error.code)
  if (absent) return <NotFound />
  return (
    <main className="centre" id="main" tabIndex={-1}>
      <ProblemNotice error={error} onRetry={onRetry} />
    </main>
  )
}
