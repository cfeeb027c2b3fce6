import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Run } from '../../run.ts'

/** Runs of a thread, oldest first. */
export const ListRuns = endpoint({
  name: 'listRuns',
  method: 'GET',
  path: '/api/v1/threads/:threadId/runs',
  auth: 'access',
  params: z.object({ threadId: Id }),
  response: z.object({ runs: z.array(Run) }),
  errors: ['not_found'],
  service: 'chat',
  summary: 'Runs of a thread, oldest first.',
})
