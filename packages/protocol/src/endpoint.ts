import type { z } from 'zod'
import type { ErrorCode } from './error.ts'

/**
 * Who may call: `public` nobody in particular, `session` a browser cookie or a bearer session token, `access` a bearer
 * access token, `delegated` an access token or a run's delegation token, `delegation` only the latter.
 */
export type EndpointAuth = 'public' | 'session' | 'access' | 'delegated' | 'delegation'

/** One HTTP endpoint as data: both ends, the router and the OpenAPI document are made from it. */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> = {
  name: string
  service: 'auth' | 'chat' | 'analytics'
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` for each parameter. */
  path: `/api/v1/${string}`
  auth: EndpointAuth
  summary: string
  params?: Params
  /** Arrives as strings: numbers and flags are coerced by the schema. */
  query?: Query
  /** JSON body; absent when there is none. */
  body?: Body
  /** The body is a raw byte stream instead of JSON. */
  rawBody?: boolean
  /** JSON response; with `rawResponse` it is a stream of that media type instead. */
  response: Response
  rawResponse?: string
  /** The status of success, 200 unless given. */
  status?: 200 | 201 | 202 | 204
  /** Error codes worth telling apart, beside those any endpoint may answer. */
  errors?: readonly ErrorCode[]
  /** Largest JSON body in bytes, 1 MiB unless given. */
  maxBodyBytes?: number
}

/** Keeps the schemas' types while checking the shape. */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodType,
>(descriptor: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
  return descriptor
}
