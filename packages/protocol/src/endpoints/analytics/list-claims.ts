import { z } from 'zod'
import { Claim } from '../../claim.ts'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'

/** The claims of a report. */
export const ListClaims = endpoint({
  name: 'listClaims',
  method: 'GET',
  path: '/api/v1/reports/:runId/claims',
  auth: 'delegated',
  params: z.object({ runId: Id }),
  response: z.object({ claims: z.array(Claim) }),
  errors: ['not_found'],
  service: 'analytics',
  summary: 'The claims of a report.',
})
