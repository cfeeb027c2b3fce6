import type { Endpoint, EndpointAuth } from '@apex/protocol/endpoint'
import type { z } from 'zod'
import { backoffMs, wait } from './backoff.ts'
import { ApiError, isRetryable, UnexpectedResponseError } from './errors.ts'
import { type AnyInput, type CallOptions, canRepeat, exchange, type FetchLike } from './request.ts'

/**
 * Gives the headers that say who calls an endpoint of this kind. After a 401 it is asked once more with the headers
 * that were refused; the same authorization again ends the attempt.
 */
export type Authorize = (auth: EndpointAuth, refused?: Record<string, string>) => Promise<Record<string, string>>

type Field<Name extends string, Schema extends z.ZodType> =
  z.input<Schema> extends undefined
    ? { [key in Name]?: undefined }
    : Partial<z.input<Schema>> extends z.input<Schema>
      ? { [key in Name]?: z.input<Schema> }
      : { [key in Name]: z.input<Schema> }

/** The parameters, query and body of an endpoint, each required only where its schema requires it. */
export type CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Field<'params', P> &
  Field<'query', Q> &
  Field<'body', B> &
  CallOptions

/** Calls endpoints by their descriptors. */
export type HttpClient = {
  /** The parsed answer; throws ApiError, UnreachableError, UnexpectedResponseError or the signal's reason. */
  call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    input: CallInput<P, Q, B>,
  ): Promise<z.output<R>>
  /** The answer of a `rawResponse` endpoint as it is. */
  stream<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    input: CallInput<P, Q, B>,
  ): Promise<Response>
}

/** Makes a client for one server; `baseUrl` is its origin, or empty in a page it served itself. */
export function createHttpClient(options: {
  baseUrl: string
  fetch: FetchLike
  authorize?: Authorize
  random?: () => number
}): HttpClient {
  const { authorize, fetch, random = Math.random } = options
  const server = { baseUrl: options.baseUrl.replace(/\/+$/, ''), fetch }

  async function authorized<T>(
    endpoint: Endpoint,
    input: AnyInput,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const first = (await authorize?.(endpoint.auth)) ?? {}
    try {
      return await exchange(server, endpoint, input, first, read)
    } catch (error) {
      if (!authorize || !(error instanceof ApiError) || error.status !== 401 || !canRepeat(input)) throw error
      const second = await authorize(endpoint.auth, first)
      if (second['authorization'] === first['authorization']) throw error
      return await exchange(server, endpoint, input, second, read)
    }
  }

  async function send<T>(endpoint: Endpoint, input: AnyInput, read: (response: Response) => Promise<T>): Promise<T> {
    const attempts = input.attempts ?? 1
    for (let tried = 0; ; tried++) {
      try {
        return await authorized(endpoint, input, read)
      } catch (error) {
        if (tried + 1 >= attempts || !isRetryable(error) || !canRepeat(input)) throw error
        const asked = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0
        await wait(asked + backoffMs(tried, random), input.signal)
      }
    }
  }

  return {
    call: (endpoint, input) =>
      send(endpoint as unknown as Endpoint, input, async (response) => {
        const parsed = endpoint.response.safeParse(await readJson(response, endpoint.name))
        if (!parsed.success) throw new UnexpectedResponseError(endpoint.name, response.status, parsed.error)
        return parsed.data
      }),
    stream: (endpoint, input) => send(endpoint as unknown as Endpoint, input, async (response) => response),
  }
}

async function readJson(response: Response, endpoint: string): Promise<unknown> {
  const text = await response.text()
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnexpectedResponseError(endpoint, response.status, cause)
  }
}
