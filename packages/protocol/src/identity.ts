import { z } from 'zod'
import { Instant, OpaqueId } from './id.ts'
import { Text } from './text.ts'

export const Role = z.enum(['owner', 'admin', 'member', 'viewer'])
export type Role = z.output<typeof Role>

/** The person behind a session and the organisation they are working in. */
export const Me = z.object({
  user: z.object({ id: OpaqueId, email: z.email(), name: Text }),
  organization: z.object({ id: OpaqueId, name: Text }),
  role: Role,
  organizations: z.array(z.object({ id: OpaqueId, name: Text, role: Role })),
  session: z.object({ id: OpaqueId, expiresAt: Instant }),
})
export type Me = z.output<typeof Me>

/** A password as it may be chosen: 12 to 128 characters. */
export const NewPassword = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(128, 'must have at most 128 characters')

export const Member = z.object({ userId: OpaqueId, email: z.email(), name: Text, role: Role, since: Instant })
export type Member = z.output<typeof Member>

export const Invitation = z.object({
  id: OpaqueId,
  email: z.email(),
  role: Role,
  expiresAt: Instant,
  state: z.enum(['pending', 'accepted', 'revoked', 'expired']),
})
export type Invitation = z.output<typeof Invitation>

export const SessionInfo = z.object({
  id: OpaqueId,
  current: z.boolean(),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
  userAgent: z.string().nullable(),
  ipPrefix: z.string().nullable(),
})
export type SessionInfo = z.output<typeof SessionInfo>
