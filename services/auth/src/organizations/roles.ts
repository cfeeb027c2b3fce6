import { ForbiddenError } from '@apex/kit/app-error'
import type { Role } from '@apex/protocol/identity'
import type { ActiveSession } from '../sessions/sessions.ts'

const scopes: Record<Role, string> = {
  viewer: 'read',
  member: 'read write',
  admin: 'read write admin',
  owner: 'read write admin',
}

/** What an access token of a role may do, as its `scope` claim says it. */
export function scopeOf(role: Role): string {
  return scopes[role]
}

/** Throws `ForbiddenError` unless the session's person has one of the roles in its organisation. */
export function requireRole(session: ActiveSession, roles: readonly ('owner' | 'admin')[], action: string): void {
  if (roles.some((role) => role === session.membership.role)) return
  const wanted = roles.map((role) => `an ${role}`).join(' or ')
  throw new ForbiddenError(`Only ${wanted} may ${action}; your role here is ${session.membership.role}.`)
}
