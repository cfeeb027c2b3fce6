import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, NotFoundError } from '@apex/kit/app-error'
import { correlationIdFrom, runWithCorrelation } from '@apex/kit/correlation'
import { problemResponse, toAppError } from '@apex/kit/http/problem'
import type { Log } from '@apex/kit/log'
import type { Fetch, Service } from '@apex/kit/service'
import type { ServiceName } from './endpoint-owner.ts'
import { secureHeaders } from './security-headers.ts'

export type GatewayOptions = {
  services: Record<ServiceName, Pick<Service, 'fetch' | 'upgrade'>>
  ownerOf: (path: string) => ServiceName | undefined
  /** The built pages; answers undefined for what is not there. */
  pages: (request: Request) => Promise<Response | undefined>
  openApi: object
  https: boolean
  log: Log
}

/** Everything a browser or client may reach, on one origin: the services by their addresses, otherwise the pages. */
export type Gateway = {
  fetch: Fetch
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

// Services reach each other under /internal inside the process; from outside these addresses do not exist.
const notPages = /^\/(?:api|internal|ws)(?:\/|$)/

/** Mounts services and pages by path. Every failure is an answer in the one error model, never an exception. */
export function createGateway(options: GatewayOptions): Gateway {
  const { services, ownerOf, pages, openApi, https, log } = options
  const openApiText = JSON.stringify(openApi)

  async function route(request: Request, path: string): Promise<{ response: Response; page: boolean }> {
    const owner = ownerOf(path)
    if (owner) return { response: await services[owner].fetch(request), page: false }
    if (path === '/api/v1/openapi.json') return { response: jsonText(openApiText), page: false }
    if (path === '/ws') throw new AppError('invalid_request', 'This address takes WebSocket connections only.')
    if (notPages.test(path)) throw new NotFoundError('address')
    const page = await pages(request)
    if (page) return { response: page, page: true }
    if (request.method === 'GET' || request.method === 'HEAD') throw new NotFoundError('address')
    throw new AppError('method_not_allowed', `${request.method} is not offered here.`)
  }

  async function answer(request: Request, requestId: string): Promise<Response> {
    try {
      const { response, page } = await route(request, new URL(request.url).pathname)
      const open = mutable(response)
      secureHeaders(open.headers, { page, https })
      if (!open.headers.has('x-request-id')) open.headers.set('x-request-id', requestId)
      return open
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.code === 'internal') log.error({ error: thrown }, 'request failed outside a service')
      return refuse(error, requestId, https)
    }
  }

  return {
    fetch(request) {
      const requestId = correlationIdFrom(request.headers)
      return runWithCorrelation(requestId, () => answer(request, requestId))
    },
    upgrade(request, socket, head) {
      const path = (request.url ?? '/').split('?', 1)[0]
      if (path === '/ws' && services.chat.upgrade) services.chat.upgrade(request, socket, head)
      else refuseUpgrade(socket, '404 Not Found')
    },
  }
}

/** A problem with the headers every answer has. */
export function refuse(error: AppError, requestId: string, https: boolean): Response {
  const response = problemResponse(error, requestId)
  response.headers.set('x-request-id', requestId)
  secureHeaders(response.headers, { page: false, https })
  return response
}

/** Ends a connection that asked to become a socket with an HTTP answer instead. */
export function refuseUpgrade(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`)
}

function jsonText(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' } })
}

// An answer handed on from a real fetch cannot be changed, one made by a service can.
function mutable(response: Response): Response {
  try {
    response.headers.delete('x-powered-by')
    return response
  } catch {
    return new Response(response.body, response)
  }
}
