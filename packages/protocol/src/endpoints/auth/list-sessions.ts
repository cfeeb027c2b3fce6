import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { SessionInfo } from '../../identity.ts'

/** The person's open sessions. */
export const ListSessions = endpoint({
  name: 'listSessions',
  method: 'GET',
  path: '/api/v1/auth/sessions',
  auth: 'session',
  response: z.object({ sessions: z.array(SessionInfo) }),
  service: 'auth',
  summary: "The person's open sessions.",
})
