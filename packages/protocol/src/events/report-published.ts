import { z } from 'zod'
import { Report } from '../report.ts'

/** The report is final: every figure in it has passed validation. */
export const ReportPublished = z.object({
  type: z.literal('report_published'),
  payload: z.object({ report: Report }),
})
export type ReportPublished = z.output<typeof ReportPublished>
