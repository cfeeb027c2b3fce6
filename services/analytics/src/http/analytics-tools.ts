import { ForbiddenError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import type { HttpApp } from '@apex/kit/http/http-app'
import type { Identity } from '@apex/kit/identity'
import type { PoolShare } from '@apex/kit/pool-share'
import type { Sql } from 'postgres'
import type { Claims } from '../claims/claims.ts'
import type { AnalyticsEvents } from '../events.ts'
import type { Imports } from '../ingest/imports.ts'
import type { PriceBook } from '../price-book/price-book.ts'
import type { Ask } from '../query/ask.ts'
import type { CallTable } from '../store/call-table.ts'
import type { Batches } from '../versions/batches.ts'
import type { OpenUploads } from './open-uploads.ts'

/** What the routes are made of. */
export type AnalyticsTools = {
  app: HttpApp
  sql: Sql
  calls: CallTable
  batches: Batches
  book: PriceBook
  ask: Ask
  imports: Imports
  claims: Claims
  uploads: OpenUploads
  events: AnalyticsEvents
  clock: Clock
  /** Bounds the questions of one person at the same time, and the work on PostgreSQL. */
  questions: PoolShare
  share: PoolShare
}

/** Throws `ForbiddenError` for people who may only look. */
export function requireWriter({ role }: Identity, action: string): void {
  if (role !== 'viewer') return
  throw new ForbiddenError(`Your role here is viewer, which may ask and look but not ${action}. Ask an owner or admin.`)
}
