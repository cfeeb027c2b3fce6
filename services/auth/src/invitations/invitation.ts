import type { Role } from '@apex/protocol/identity'

export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired'

/** An invitation as its organisation sees it. */
export type InvitationRow = { id: string; email: string; role: Role; status: InvitationStatus; expiresAt: Date }

/** An invitation as the holder of its link sees it. */
export type OpenInvitation = InvitationRow & { organizationId: string; organizationName: string }
