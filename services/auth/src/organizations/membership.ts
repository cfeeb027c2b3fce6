import type { Role } from '@apex/protocol/identity'

/** An organisation a person belongs to, and as what. */
export type Membership = { organizationId: string; organizationName: string; role: Role }

/** A person who belongs to an organisation. */
export type OrganizationMember = { userId: string; email: string; name: string; role: Role; since: Date }
