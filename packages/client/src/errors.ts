import { ERROR_STATUS, type ErrorCode, type Issue, Problem } from '@apex/protocol/error'

/** The server refused a request and said why; `code` decides what to do, `detail` is for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly retryable: boolean
  /** Seconds to wait before trying again, when the server named them. */
  readonly retryAfter: number | undefined
  readonly charged: boolean
  readonly requestId: string
  readonly issues: readonly Issue[]

  constructor(problem: Problem) {
    super(`${problem.title}: ${problem.detail}`)
    this.code = problem.code
    this.status = problem.status
    this.title = problem.title
    this.detail = problem.detail
    this.retryable = problem.retryable
    this.retryAfter = problem.retryAfter
    this.charged = problem.charged
    this.requestId = problem.requestId
    this.issues = problem.issues ?? []
  }
}

/** No answer came: the server is down, the network is away or the time was up. Nothing is known about the effect. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly code: ErrorCode
  readonly url: string
  readonly retryable = true

  constructor(url: string, options: { timedOut: boolean; cause?: unknown }) {
    super(`${options.timedOut ? 'No answer in time' : 'No connection'}: ${url}`, { cause: options.cause })
    this.code = options.timedOut ? 'timeout' : 'unavailable'
    this.url = url
  }
}

/** The answer does not have the shape of the protocol: client and server are of different versions. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError'
  readonly code: ErrorCode = 'internal'
  readonly endpoint: string
  readonly status: number
  readonly retryable = false

  constructor(endpoint: string, status: number, cause: unknown) {
    super(`The answer of ${endpoint} (status ${status}) is not what this version of the client expects.`, { cause })
    this.endpoint = endpoint
    this.status = status
  }
}

/** Whether repeating the same request can succeed later. */
export function isRetryable(error: unknown): boolean {
  return (error instanceof ApiError && error.retryable) || error instanceof UnreachableError
}

/** Reads a refusal; one that is not a Problem (a proxy's page, say) becomes one by its status. */
export async function readApiError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined)
  const problem = Problem.safeParse(body)
  return new ApiError(problem.success ? problem.data : problemOfStatus(response))
}

function problemOfStatus(response: Response): Problem {
  const { status } = response
  const codes = Object.entries(ERROR_STATUS) as [ErrorCode, number][]
  const code = status === 503 ? 'unavailable' : (codes.find(([, known]) => known === status)?.[0] ?? 'internal')
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return {
    type: 'about:blank',
    code,
    status,
    title: response.statusText || `Status ${status}`,
    detail: 'The server, or something in front of it, answered without saying why.',
    retryable: status === 429 || status >= 502,
    charged: false,
    requestId: response.headers.get('x-request-id') ?? '',
    ...(Number.isFinite(retryAfter) && { retryAfter }),
  }
}
