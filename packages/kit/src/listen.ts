import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { CLIENT_ADDRESS_HEADER, resolveClientAddress } from './http/client-address.ts'
import type { Service } from './service.ts'

export type ListenOptions = Pick<Service, 'fetch' | 'upgrade'> & {
  host: string
  /** 0 lets the system choose. */
  port: number
  /** Proxies of ours in front, whose `x-forwarded-for` entries are believed; 0 believes only the socket. */
  trustedProxies?: number
}

/** An open port; disposal stops accepting, lets answers under way finish for two seconds, then cuts. */
export type Listener = AsyncDisposable & { readonly host: string; readonly port: number }

/** Serves a `fetch` and an `upgrade` on one port. Rejects with Node's error, EADDRINUSE for a taken port. */
export async function listen({ fetch, upgrade, host, port, trustedProxies = 0 }: ListenOptions): Promise<Listener> {
  const answer = getRequestListener((request) => fetch(request), { overrideGlobalObjects: false })
  const server = createServer((incoming, outgoing) => {
    stampClientAddress(incoming, trustedProxies)
    void answer(incoming, outgoing)
  })
  server.on('upgrade', (incoming, socket, head) => {
    stampClientAddress(incoming, trustedProxies)
    if (upgrade) upgrade(incoming, socket, head)
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    host,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(server),
  }
}

// The request object is built from `rawHeaders`; a caller's own copy of the header must not survive.
function stampClientAddress(incoming: IncomingMessage, trustedProxies: number): void {
  const forwarded = incoming.headers['x-forwarded-for']
  const forwardedFor = Array.isArray(forwarded) ? forwarded.join(',') : forwarded
  const address = resolveClientAddress(incoming.socket.remoteAddress ?? 'unknown', forwardedFor, trustedProxies)
  const { rawHeaders } = incoming
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]?.toLowerCase() === CLIENT_ADDRESS_HEADER) rawHeaders.splice(index, 2)
  }
  rawHeaders.push(CLIENT_ADDRESS_HEADER, address)
  incoming.headers[CLIENT_ADDRESS_HEADER] = address
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const cut = setTimeout(() => server.closeAllConnections(), 2_000)
  server.closeIdleConnections()
  await closed
  clearTimeout(cut)
}
