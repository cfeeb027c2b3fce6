import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { Instant } from '../../id.ts'
import { Role } from '../../identity.ts'
import { Text } from '../../text.ts'

/** What an invitation link is for; the token travels in the body, never in a URL the server logs. */
export const PreviewInvitation = endpoint({
  name: 'previewInvitation',
  method: 'POST',
  path: '/api/v1/auth/invitations/preview',
  auth: 'public',
  body: z.object({ token: z.string().max(200) }),
  response: z.object({
    email: z.email(),
    organizationName: Text,
    role: Role,
    expiresAt: Instant,
    hasAccount: z.boolean(),
  }),
  errors: ['not_found', 'gone', 'rate_limited'],
  service: 'auth',
  summary: 'What an invitation link is for; the token travels in the body, never in a URL the server logs.',
})
