import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Id } from '../../id.ts'
import { Report } from '../../report.ts'

/** The published report of a run. */
export const GetReport = endpoint({
  name: 'getReport',
  method: 'GET',
  path: '/api/v1/reports/:runId',
  auth: 'access',
  params: z.object({ runId: Id }),
  response: z.object({ report: Report }),
  errors: ['not_found'],
  service: 'chat',
  summary: 'The published report of a run.',
})
