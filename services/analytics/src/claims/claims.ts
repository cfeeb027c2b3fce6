import { AppError, NotFoundError } from '@apex/kit/app-error'
import type { Clock } from '@apex/kit/clock'
import { transaction } from '@apex/kit/transaction'
import { Claim } from '@apex/protocol/claim'
import { normaliseJson } from '@apex/protocol/text'
import type { Sql } from 'postgres'
import { z } from 'zod'
import { ReportPublishedError } from '../errors.ts'
import type { Ask } from '../query/ask.ts'
import type { Batches } from '../versions/batches.ts'
import {
  hasReport,
  insertClaims,
  insertReport,
  type OwnReportKey,
  readClaim,
  readClaims,
  readContentHash,
} from './claim-store.ts'
import { contentHash } from './content-hash.ts'
import { type Rerun, rerunClaim } from './rerun-claim.ts'

export type ClaimsOptions = { sql: Sql; ask: Ask; batches: Batches; priceVersion: string; clock: Clock }

/** Published figures with the questions that gave them: stored once per run, and asked again when somebody doubts. */
export class Claims {
  readonly #given: ClaimsOptions

  constructor(options: ClaimsOptions) {
    this.#given = options
  }

  /** Stores what a run published and answers how many; the same again changes nothing, something else is a conflict. */
  async publish(key: OwnReportKey, published: readonly Claim[]): Promise<number> {
    requireUnique(published)
    const content = normaliseJson(published)
    const hash = contentHash(content)
    const claims = z.array(Claim).parse(content)
    return transaction(this.#given.sql, async (sql) => {
      const at = new Date(this.#given.clock.nowMs())
      if (await insertReport(sql, { ...key, contentHash: hash, at })) await insertClaims(sql, { ...key, claims })
      else if ((await readContentHash(sql, key)) !== hash) throw new ReportPublishedError(key.runId)
      return claims.length
    })
  }

  /** The claims of a report of the person's own; another's is not there, like its thread. */
  async list(key: OwnReportKey): Promise<Claim[]> {
    if (!(await hasReport(this.#given.sql, key))) throw new NotFoundError('report')
    return readClaims(this.#given.sql, key)
  }

  /** Asks a claim's question at today's data. */
  async rerun(key: OwnReportKey & { claimId: string }): Promise<Rerun> {
    const claim = (await hasReport(this.#given.sql, key)) && (await readClaim(this.#given.sql, key))
    if (!claim) throw new NotFoundError('claim')
    return rerunClaim(this.#given, { organizationId: key.organizationId, claim })
  }
}

function requireUnique(claims: readonly Claim[]): void {
  const seen = new Set<string>()
  for (const [index, { id }] of claims.entries()) {
    if (seen.has(id)) {
      throw new AppError('invalid_request', `Two claims have the id ${id}; each claim of a report has its own.`, {
        issues: [{ path: `body.claims.${index}.id`, message: 'is given twice' }],
      })
    }
    seen.add(id)
  }
}
