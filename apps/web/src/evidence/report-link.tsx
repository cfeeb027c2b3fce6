import { Link } from '@tanstack/react-router'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'

/** Opens the report that a figure stands in. */
export function ReportLink({ runId }: { runId: string }) {
  return (
    <Link className="ghost" to={PATHS.report} params={{ runId }}>
      {strings.evidence.openReport}
    </Link>
  )
}
