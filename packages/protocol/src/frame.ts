import { z } from 'zod'
import { Ack } from './frames/ack.ts'
import { Ev } from './frames/ev.ts'
import { Goaway } from './frames/goaway.ts'
import { Hello } from './frames/hello.ts'
import { Live } from './frames/live.ts'
import { Ping } from './frames/ping.ts'
import { Pong } from './frames/pong.ts'
import { Reset } from './frames/reset.ts'
import { Subscribe } from './frames/subscribe.ts'
import { Subscribed } from './frames/subscribed.ts'
import { Ticket } from './frames/ticket.ts'
import { Unsubscribe } from './frames/unsubscribe.ts'
import { UserChanged } from './frames/user-changed.ts'
import { Welcome } from './frames/welcome.ts'

/** Every frame a client may send. */
export const ClientFrame = z.discriminatedUnion('kind', [Hello, Subscribe, Unsubscribe, Ack, Pong])
export type ClientFrame = z.output<typeof ClientFrame>

/** Every frame the server sends. */
export const ServerFrame = z.discriminatedUnion('kind', [
  Welcome,
  Subscribed,
  Ev,
  Live,
  Reset,
  Ping,
  Ticket,
  Goaway,
  UserChanged,
])
export type ServerFrame = z.output<typeof ServerFrame>
