import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Run } from '../../run.ts'

/** Stops a run, idempotent by command id; a run that has ended stays as it ended. */
export const StopRun = endpoint({
  name: 'stopRun',
  method: 'POST',
  path: '/api/v1/runs/:runId/stop',
  auth: 'access',
  params: z.object({ runId: Id }),
  body: z.object({ commandId: Id }),
  response: z.object({ run: Run, seq: z.int().nonnegative() }),
  errors: ['not_found', 'idempotency_mismatch'],
  service: 'chat',
  summary: 'Stops a run, idempotent by command id; a run that has ended stays as it ended.',
})
