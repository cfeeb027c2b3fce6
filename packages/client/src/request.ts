import type { Endpoint } from '@apex/protocol/endpoint'
import { ApiError, readApiError, UnexpectedResponseError, UnreachableError } from './errors.ts'

/** The network's `fetch`, or a service's own. */
export type FetchLike = (request: Request) => Promise<Response>

/** A body sent as it is; a stream can be sent once only, so give a function where a second try matters. */
export type RawBody = Blob | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array>

/** What any call takes beside its parameters. */
export type CallOptions = {
  rawBody?: RawBody | (() => RawBody)
  headers?: Record<string, string>
  signal?: AbortSignal
  /** 30 s unless given; `Infinity` for none. */
  timeoutMs?: number
  /** Only for a request whose repetition has no second effect: how often it is tried in all. */
  attempts?: number
}

/** A call as it is sent, its parts already checked by the caller's types. */
export type AnyInput = CallOptions & { params?: unknown; query?: unknown; body?: unknown }

const DEFAULT_TIMEOUT_MS = 30_000

/** One request and its answer; `read` runs inside the time limit. */
export async function exchange<T>(
  server: { baseUrl: string; fetch: FetchLike },
  endpoint: Endpoint,
  input: AnyInput,
  authorization: Record<string, string>,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController()
  const timeoutMs = input.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const timer = Number.isFinite(timeoutMs) ? setTimeout(() => timeout.abort(), timeoutMs) : undefined
  const signal = input.signal ? AbortSignal.any([input.signal, timeout.signal]) : timeout.signal
  const request = buildRequest(server.baseUrl, endpoint, input, { ...authorization, ...input.headers }, signal)
  // Called on its own: a browser's fetch refuses to be a method.
  const { fetch } = server
  const answer = async () => {
    const response = await fetch(request)
    if (!response.ok) throw await readApiError(response)
    return await read(response)
  }
  try {
    return await unlessAborted(answer(), signal)
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnexpectedResponseError) throw error
    input.signal?.throwIfAborted()
    throw new UnreachableError(request.url, { timedOut: timeout.signal.aborted, cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function buildRequest(
  baseUrl: string,
  endpoint: Endpoint,
  input: AnyInput,
  headers: Record<string, string>,
  signal: AbortSignal,
): Request {
  const raw = typeof input.rawBody === 'function' ? input.rawBody() : input.rawBody
  const json = endpoint.body ? JSON.stringify(input.body) : undefined
  const init = {
    method: endpoint.method,
    headers: {
      accept: `${endpoint.rawResponse ?? 'application/json'}, application/problem+json`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(raw !== undefined && { 'content-type': 'application/octet-stream' }),
      ...headers,
    },
    signal,
    ...(json !== undefined && { body: json }),
    ...(raw !== undefined && { body: raw }),
    // Required by fetch for a stream, unknown to some type libraries.
    ...(raw instanceof ReadableStream && { duplex: 'half' }),
  }
  return new Request(baseUrl + fillPath(endpoint.path, input.params) + queryOf(input.query), init as RequestInit)
}

function fillPath(path: string, params: unknown): string {
  const values = (params ?? {}) as Record<string, unknown>
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])))
}

function queryOf(query: unknown): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries((query ?? {}) as Record<string, string | number | undefined>)) {
    if (value !== undefined) search.set(key, String(value))
  }
  return search.size === 0 ? '' : `?${search.toString()}`
}

/** Whether the body can be sent a second time. */
export function canRepeat(input: AnyInput): boolean {
  return !(input.rawBody instanceof ReadableStream)
}

/** A given fetch need not heed the signal; the caller's time is up all the same. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
