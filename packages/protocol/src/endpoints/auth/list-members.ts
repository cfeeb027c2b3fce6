import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Member } from '../../identity.ts'

/** Members of the active organisation. */
export const ListMembers = endpoint({
  name: 'listMembers',
  method: 'GET',
  path: '/api/v1/auth/members',
  auth: 'session',
  response: z.object({ members: z.array(Member) }),
  service: 'auth',
  summary: 'Members of the active organisation.',
})
