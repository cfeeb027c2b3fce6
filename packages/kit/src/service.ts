import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * A running part of the product. It owns data, speaks HTTP through `fetch`, and does nothing until `start()`.
 * `ready()` rejects with the reason while the service cannot serve.
 */
export interface Service extends AsyncDisposable {
  readonly name: string
  fetch(request: Request): Promise<Response>
  /** Takes over a socket; the listener calls it only for paths the service owns. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
  start(): Promise<void>
  ready(): Promise<void>
}

/** How one service reaches another: the network's `fetch`, or the other service's own in one process. */
export type Fetch = (request: Request) => Promise<Response>
