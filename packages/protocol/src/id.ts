import { z } from 'zod'

/** A UUID in lower case; clients and services make version 7 so that ids sort by time. */
export const Id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'must be a UUID')
  .transform((id) => id.toLowerCase())
export type Id = z.output<typeof Id>

/** An opaque identifier of another maker, such as an account or organisation id. */
export const OpaqueId = z.string().min(1).max(128)
export type OpaqueId = z.output<typeof OpaqueId>

/** An instant as ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime({ offset: true })
export type Instant = z.output<typeof Instant>
