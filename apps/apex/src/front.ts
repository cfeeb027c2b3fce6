import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, BusyError, NotFoundError, UnavailableError } from '@apex/kit/app-error'
import { systemClock } from '@apex/kit/clock'
import { correlationIdFrom } from '@apex/kit/correlation'
import { clientAddressOf } from '@apex/kit/http/client-address'
import type { Metrics } from '@apex/kit/metrics'
import { type Gateway, refuse, refuseUpgrade } from './gateway.ts'
import type { Health } from './health.ts'
import { isLoopback, type ServerAddress } from './server-address.ts'

export type FrontOptions = {
  health: Health
  metrics: Metrics
}

const drainMs = 2_000

/**
 * What the port answers from its first moment on: health at once, everything else once the gateway is open. Refuses
 * requests under a foreign Host, by which a website could otherwise read a server on the visitor's own machine.
 */
export class Front {
  readonly #options: FrontOptions
  #address: ServerAddress | undefined
  #gateway: Gateway | undefined
  #underWay = 0

  constructor(options: FrontOptions) {
    this.#options = options
  }

  /** From now on requests under these names are answered. */
  open(address: ServerAddress, gateway: Gateway): void {
    this.#address = address
    this.#gateway = gateway
  }

  /** Takes no more requests and waits up to two seconds for those under way. */
  async close(): Promise<void> {
    this.#gateway = undefined
    const deadline = performance.now() + drainMs
    while (this.#underWay > 0 && performance.now() < deadline) await systemClock.sleep(10)
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const requestId = correlationIdFrom(request.headers)
    const operational = await this.#operational(request, url.pathname, requestId)
    if (operational) return operational
    if (!this.#gateway || !this.#address) {
      return this.#refuse(new BusyError('Netra is starting or stopping. Try again in a moment.'), requestId)
    }
    if (!this.#address.hosts.has(url.host)) return this.#refuse(foreignHost(), requestId)
    this.#underWay += 1
    try {
      return await this.#gateway.fetch(request)
    } finally {
      this.#underWay -= 1
    }
  }

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const host = (request.headers.host ?? '').toLowerCase()
    if (!this.#gateway) refuseUpgrade(socket, '503 Service Unavailable', 'Retry-After: 1\r\n')
    else if (!this.#address?.hosts.has(host)) refuseUpgrade(socket, '403 Forbidden')
    else this.#gateway.upgrade(request, socket, head)
  }

  async #operational(request: Request, path: string, requestId: string): Promise<Response | undefined> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    if (path === '/health') return json(await this.#options.health.report())
    if (path === '/ready') return this.#ready(requestId)
    if (path === '/metrics') return this.#metrics(request, requestId)
    return undefined
  }

  async #ready(requestId: string): Promise<Response> {
    const unready = await this.#options.health.unready()
    if (!unready) return json({ status: 'ready' })
    return this.#refuse(new UnavailableError(`Not ready: ${unready.join(', ')}. Try again in a moment.`), requestId)
  }

  // Figures of the inside are for the machine itself; whoever came through a proxy came from elsewhere.
  async #metrics(request: Request, requestId: string): Promise<Response> {
    const { metrics } = this.#options
    const local = isLoopback(clientAddressOf(request.headers) ?? '') && !request.headers.has('x-forwarded-for')
    if (!local) return this.#refuse(new NotFoundError('address'), requestId)
    return new Response(await metrics.metrics(), { headers: { 'content-type': metrics.contentType } })
  }

  #refuse(error: AppError, requestId: string): Response {
    return refuse(error, requestId, this.#address?.https ?? false)
  }
}

function foreignHost(): AppError {
  return new AppError(
    'origin_refused',
    'This server does not go by the name in the request. Use the address it printed, or set PUBLIC_URL to the name you use.',
  )
}

function json(value: object): Response {
  return Response.json(value, { headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } })
}
