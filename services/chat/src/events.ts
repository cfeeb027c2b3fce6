import type { Log } from '@apex/kit/log'
import type { Metrics } from '@apex/kit/metrics'
import type { RunOutcome } from '@apex/protocol/run'
import { Counter, Histogram } from 'prom-client'

/** What happens in this service that matters outside of it: one function each, writing log and counters together. */
export type ChatEvents = {
  runAccepted(facts: { runId: string; threadId: string; ahead: number }): void
  runFinished(facts: { runId: string; outcome: RunOutcome; durationMs: number; missingEvents: readonly string[] }): void
  runFailed(facts: { runId: string; error: unknown }): void
  runTakenOver(facts: { executorIds: string[] }): void
  stepRepeated(facts: { runId: string; stepId: string; attempt: number }): void
  stepFenced(facts: { runId: string; stepId: string; attempt: number; reason: string }): void
  ticketRefused(facts: { reason: string; purpose: string }): void
  socketOpened(facts: { connectionId: string; way: string; streams: number }): void
  socketRefused(facts: { reason: string; status: number }): void
  socketClosed(facts: { connectionId: string; code: number; reason: string }): void
  sweepFailed(facts: { error: unknown }): void
}

export function createChatEvents(log: Log, metrics: Metrics): ChatEvents {
  const count = counters(metrics)
  return {
    runAccepted(facts) {
      count.accepted.inc()
      log.info(facts, 'run accepted')
    },
    runFinished(facts) {
      const { outcome, durationMs, missingEvents } = facts
      count.finished.inc({ outcome })
      count.seconds.observe({ outcome }, durationMs / 1_000)
      if (outcome === 'completed') for (const type of missingEvents) count.missing.inc({ type })
      log.info(facts, 'run finished')
    },
    runFailed: (facts) => log.error(facts, 'run failed'),
    runTakenOver: (facts) => log.warn(facts, 'runs of a node that is gone are taken over'),
    stepRepeated(facts) {
      count.repeated.inc()
      log.warn(facts, 'step is tried again')
    },
    stepFenced(facts) {
      count.fenced.inc({ reason: facts.reason })
      log.warn(facts, 'step was refused by its fence')
    },
    ticketRefused(facts) {
      count.tickets.inc({ reason: facts.reason })
      log.warn(facts, 'socket ticket refused')
    },
    socketOpened(facts) {
      count.opened.inc({ way: facts.way })
      log.info(facts, 'socket opened')
    },
    socketRefused(facts) {
      count.refused.inc({ status: facts.status })
      log.warn(facts, 'socket refused')
    },
    socketClosed(facts) {
      count.closed.inc({ code: facts.code })
      log.info(facts, 'socket closed')
    },
    sweepFailed: (facts) => log.warn(facts, 'sweep failed; trying again'),
  }
}

function counters(metrics: Metrics) {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    (metrics.getSingleMetric(name) as Counter<Label> | undefined) ??
    new Counter({ name, help, labelNames, registers: [metrics] })
  const seconds = 'chat_run_duration_seconds'
  return {
    accepted: counter('chat_runs_accepted_total', 'Runs accepted'),
    finished: counter('chat_runs_finished_total', 'Runs ended, by outcome', 'outcome'),
    missing: counter(
      'chat_run_missing_events_total',
      'Live event types that completed runs lacked; must stay 0',
      'type',
    ),
    repeated: counter('chat_steps_repeated_total', 'Attempts of steps after the first'),
    fenced: counter('chat_steps_fenced_total', 'Appends refused because the attempt or its run was over', 'reason'),
    tickets: counter('chat_tickets_refused_total', 'Socket tickets that were not accepted', 'reason'),
    opened: counter(
      'chat_sockets_opened_total',
      'Sockets that reached welcome, by the way they proved identity',
      'way',
    ),
    refused: counter('chat_sockets_refused_total', 'Upgrades refused, by HTTP status', 'status'),
    closed: counter('chat_sockets_closed_total', 'Sockets closed, by close code', 'code'),
    seconds:
      (metrics.getSingleMetric(seconds) as Histogram<'outcome'> | undefined) ??
      new Histogram({
        name: seconds,
        help: 'Time from start to end of a run',
        labelNames: ['outcome'],
        buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
        registers: [metrics],
      }),
  }
}
