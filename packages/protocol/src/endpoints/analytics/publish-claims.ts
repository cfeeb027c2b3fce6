import { z } from 'zod'
import { Claim } from '../../claim.ts'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'

/** Stores the claims of a published report, once per run; only a run may. */
export const PublishClaims = endpoint({
  name: 'publishClaims',
  method: 'PUT',
  path: '/api/v1/reports/:runId/claims',
  auth: 'delegation',
  params: z.object({ runId: Id }),
  body: z.object({ claims: z.array(Claim).max(500) }),
  response: z.object({ stored: z.int().nonnegative() }),
  maxBodyBytes: 8_388_608,
  errors: ['forbidden', 'conflict'],
  service: 'analytics',
  summary: 'Stores the claims of a published report, once per run; only a run may.',
})
