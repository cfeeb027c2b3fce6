import { UnauthenticatedError } from '@apex/kit/app-error'
import { route } from '@apex/kit/http/route'
import { CreateTicket } from '@apex/protocol/endpoints/chat/create-ticket'
import type { RouteTools } from './route-tools.ts'

/** Tickets with which a page opens its socket. */
export function addTicketRoutes({ app, clock, forPerson, tickets }: RouteTools): void {
  route(app, CreateTicket, async ({ body, identity, request }) => {
    const { organizationId, role, sessionId, userId } = identity
    if (!sessionId) throw new UnauthenticatedError('A socket belongs to the session of a person.')
    const viewer = { organizationId, userId, sessionId, role, provenAtMs: clock.nowMs() }
    const binding = { clientId: body.clientId, origin: request.headers.get('origin') }
    const { expiresAt, ticket } = await forPerson(identity, () => tickets.issueOpen(viewer, binding))
    return { ticket, expiresAt: expiresAt.toISOString() }
  })
}
