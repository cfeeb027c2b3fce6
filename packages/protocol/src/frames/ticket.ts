import { z } from 'zod'
import { Instant } from '../id.ts'

/** A fresh reconnect ticket that replaces the one before. */
export const Ticket = z.object({
  kind: z.literal('ticket'),
  reconnectTicket: z.string(),
  expiresAt: Instant,
})
export type Ticket = z.output<typeof Ticket>
