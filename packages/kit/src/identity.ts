import type { Role } from '@apex/protocol/identity'

/** Who is asking, for which organisation, until when: the same whichever way they proved it. */
export type Identity = {
  kind: 'user' | 'delegation' | 'apiKey'
  userId: string
  organizationId: string
  role: Role
  scopes: readonly string[]
  /** Of a person's session. */
  sessionId?: string
  /** Of the run that works for the person. */
  runId?: string
  expiresAtMs: number
  /** The token's own id, for logs. */
  tokenId?: string
}
