import type { Identity } from '@apex/kit/identity'
import type { Log } from '@apex/kit/log'
import { createCounter, type Metrics } from '@apex/kit/metrics'
import type { ImportRecord } from '@apex/protocol/import'
import type { Answer } from '@apex/protocol/question'

export type AnalyticsEvents = ReturnType<typeof createAnalyticsEvents>

type Who = Pick<Identity, 'organizationId' | 'userId' | 'runId'>

/** One function per thing that happened, each a log line and a count; never a line of a file, nor a value of a call. */
export function createAnalyticsEvents({ log, metrics }: { log: Log; metrics: Metrics }) {
  const events = createCounter(metrics, {
    name: 'analytics_events_total',
    help: 'Questions, imports, calls and claims',
    labelNames: ['event', 'outcome'],
  })
  const calls = createCounter(metrics, {
    name: 'analytics_calls_added_total',
    help: 'Calls that came to count',
    labelNames: ['way'],
  })

  function happened(event: string, outcome: string, who: Who, fields: Record<string, unknown> = {}): void {
    events.inc({ event, outcome })
    const { organizationId, userId, runId } = who
    log.info({ event, outcome, organizationId, userId, ...(runId ? { runId } : {}), ...fields }, event)
  }

  return {
    questionAnswered: (who: Who, { question, elapsedMs, coverage, dataVersion }: Answer) =>
      happened('question-answered', question, who, {
        elapsedMs,
        calls: coverage.calls,
        watermark: dataVersion.watermark,
      }),
    importEnded(who: Who, { id, state, sample, accepted, rejected, duplicates, unpriced }: ImportRecord): void {
      if (state === 'committed') calls.inc({ way: sample ? 'sample' : 'import' }, accepted)
      happened('import-ended', state, who, { importId: id, sample, accepted, rejected, duplicates, unpriced })
    },
    importRetracted: (who: Who, { id }: ImportRecord) => happened('import-retracted', 'done', who, { importId: id }),
    callsAdded(who: Who, added: { accepted: number; duplicates: number; rejected: readonly unknown[] }): void {
      calls.inc({ way: 'calls' }, added.accepted)
      const { accepted, duplicates } = added
      happened('calls-added', 'done', who, { accepted, duplicates, rejected: added.rejected.length })
    },
    claimsPublished: (who: Who, stored: number) => happened('claims-published', 'done', who, { stored }),
    claimRerun: (who: Who, result: string) => happened('claim-rerun', result, who),
    sweepFailed(error: unknown): void {
      events.inc({ event: 'sweep', outcome: 'failed' })
      log.warn({ error }, 'unfinished batches could not be looked at; trying again in a minute')
    },
  }
}
