import { z } from 'zod'
import { DataVersion } from '../../data-version.ts'
import { endpoint } from '../../endpoint.ts'
import { Figure } from '../../figure.ts'
import { Id } from '../../id.ts'
import { Text } from '../../text.ts'

/** Asks a claim's question again on today's data: same, changed and why, or no longer answerable. */
export const RerunClaim = endpoint({
  name: 'rerunClaim',
  method: 'POST',
  path: '/api/v1/reports/:runId/claims/:claimId/rerun',
  auth: 'delegated',
  params: z.object({ runId: Id, claimId: z.string().max(100) }),
  response: z.object({
    result: z.enum(['same', 'changed', 'unanswerable']),
    figure: Figure.nullable(),
    dataVersion: DataVersion,
    /** What differs, for a person; empty when the result is the same. */
    because: z.array(Text),
  }),
  errors: ['not_found', 'timeout'],
  service: 'analytics',
  summary: "Asks a claim's question again on today's data: same, changed and why, or no longer answerable.",
})
