import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Run } from '../../run.ts'

/** One run, its state derived from lease and log. */
export const GetRun = endpoint({
  name: 'getRun',
  method: 'GET',
  path: '/api/v1/runs/:runId',
  auth: 'access',
  params: z.object({ runId: Id }),
  response: z.object({ run: Run }),
  errors: ['not_found'],
  service: 'chat',
  summary: 'One run, its state derived from lease and log.',
})
