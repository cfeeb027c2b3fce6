import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { SimulatedServer } from '@apex/client/testing/simulated-server'
import type { Endpoint } from '@apex/protocol/endpoint'
import { ENDPOINTS } from '@apex/protocol/endpoints'
import { ERROR_STATUS, type ErrorCode } from '@apex/protocol/error'
import { WebSocketServer } from 'ws'

/** What a handler of the test server is given: everything parsed by the endpoint's own schemas. */
export type TestRequest = {
  params: Record<string, string>
  query: Record<string, unknown>
  body: never
  raw: Buffer
  token: string | undefined
}
type Handler = (request: TestRequest) => unknown

/** A refusal in the shape of the protocol. */
export class Refusal extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail = 'No.') {
    super(detail)
    this.code = code
  }
}

/**
 * A server for one test that speaks the protocol: every request and every answer passes through the endpoint's
 * schemas, sockets are real, threads are logs in memory. What an endpoint does is given by the test.
 */
export class TestServer {
  readonly threads = new SimulatedServer()
  readonly handlers: Record<string, Handler> = {}
  readonly called: string[] = []
  #server: Server | undefined
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens, on the port of the last time if there was one. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response))
    const sockets = new WebSocketServer({ server, path: '/ws' })
    sockets.on('connection', (socket) => {
      const end = this.threads.openSocket()
      end.addEventListener('message', ({ data }: { data: unknown }) => socket.send(String(data)))
      end.addEventListener('close', ({ code }: { code: number }) =>
        code === 1006 ? socket.terminate() : socket.close(code),
      )
      socket.on('message', (data: Buffer) => end.send(data.toString()))
      socket.on('close', () => end.close())
    })
    this.threads.up = true
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    const address = server.address()
    this.#port = typeof address === 'object' && address ? address.port : 0
    this.#server = server
  }

  /** Dies with every connection. */
  async stop(): Promise<void> {
    this.threads.crash()
    const server = this.#server
    this.#server = undefined
    server?.closeAllConnections()
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  }

  async #answer(request: IncomingMessage): Promise<Response> {
    const url = new URL(request.url ?? '/', this.url)
    const found = findEndpoint(request.method ?? 'GET', url.pathname)
    if (!found) return problem(new Refusal('not_found', `${request.method} ${url.pathname}`))
    const { endpoint, params } = found
    this.called.push(endpoint.name)
    try {
      const raw = Buffer.concat(await Readable.from(request).toArray())
      const handler = this.handlers[endpoint.name]
      if (!handler) throw new Refusal('internal', `The test does not say what ${endpoint.name} does.`)
      const answer = await handler({
        params: (endpoint.params?.parse(params) ?? {}) as Record<string, string>,
        query: (endpoint.query?.parse(Object.fromEntries(url.searchParams)) ?? {}) as Record<string, unknown>,
        body: endpoint.body?.parse(JSON.parse(raw.toString())) as never,
        raw,
        token: request.headers.authorization?.replace('Bearer ', ''),
      })
      if (endpoint.rawResponse) return new Response(String(answer))
      return Response.json(endpoint.response.parse(answer), { status: endpoint.status ?? 200 })
    } catch (error) {
      return problem(error instanceof Refusal ? error : new Refusal('internal', String(error)))
    }
  }
}

function findEndpoint(
  method: string,
  path: string,
): { endpoint: Endpoint; params: Record<string, string> } | undefined {
  for (const endpoint of ENDPOINTS) {
    const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
    const match = new RegExp(`^${endpoint.path.replace(/:\w+/g, '([^/]+)')}$`).exec(path)
    if (endpoint.method !== method || !match) continue
    return {
      endpoint,
      params: Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')])),
    }
  }
  return undefined
}

function problem({ code, message }: Refusal): Response {
  const status = ERROR_STATUS[code]
  const facts = {
    type: `urn:apex:${code}`,
    code,
    status,
    title: 'Refused',
    detail: message,
    charged: false,
    requestId: 'r-1',
  }
  return Response.json({ ...facts, retryable: status === 503 }, { status })
}
