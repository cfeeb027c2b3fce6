import { z } from 'zod'

/** Every error code of the product with the HTTP status it travels under. */
export const ERROR_STATUS = {
  invalid_request: 400,
  unauthenticated: 401,
  session_ended: 401,
  forbidden: 403,
  origin_refused: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_mismatch: 409,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  rate_limited: 429,
  busy: 503,
  unavailable: 503,
  timeout: 504,
  internal: 500,
} as const

export const ErrorCode = z.enum(Object.keys(ERROR_STATUS) as [keyof typeof ERROR_STATUS])
export type ErrorCode = keyof typeof ERROR_STATUS

/** One thing that is wrong with a request, named by its path in the body, query or parameters. */
export const Issue = z.object({ path: z.string(), message: z.string() })
export type Issue = z.output<typeof Issue>

/** The one error body (application/problem+json): what happened, what it means and what to do. */
export const Problem = z.object({
  type: z.string(),
  code: ErrorCode,
  status: z.int(),
  title: z.string(),
  detail: z.string(),
  /** Whether the same request may succeed later. */
  retryable: z.boolean(),
  /** Seconds to wait before trying again. */
  retryAfter: z.number().optional(),
  /** Whether anything was charged for the failed request. */
  charged: z.boolean(),
  requestId: z.string(),
  issues: z.array(Issue).optional(),
})
export type Problem = z.output<typeof Problem>
