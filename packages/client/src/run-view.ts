import type { RunFinished } from '@apex/protocol/events/run-finished'
import type { Report } from '@apex/protocol/report'
import type { RunOutcome } from '@apex/protocol/run'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { addDecimals } from './decimal.ts'
import { applyAgentEvent, type InvocationView, interruptInvocation, withdrawFromInvocation } from './invocation-view.ts'
import { type Origin, originOf, sameOrigin } from './origin.ts'
import { appendText, EMPTY_REPLY, type ReplyText, withdrawText } from './reply-text.ts'

/** One attempt of a step whose output no longer counts, and why. */
export type SupersededAttempt = { stepId: string; attempt: number; reason: string; seq: number }

/** Tokens and money of the run so far, superseded attempts included: they were used. */
export type RunUsage = {
  modelCalls: number
  inputTokens: number
  outputTokens: number
  /** USD as a decimal string; null when the rate of one of the calls is not known. */
  costUsd: string | null
}

/** A run as its log tells it. */
export type RunView = {
  runId: string
  /** The message that asked; null when it is not in the log yet. */
  messageId: string | null
  replyMessageId: string | null
  state: 'queued' | 'running' | 'finished'
  /** Why it waits; null unless queued. */
  queue: { ahead: number; reason: string } | null
  outcome: RunOutcome | null
  /** Why it ended so, for a person. */
  reason: string | null
  error: NonNullable<RunFinished['payload']['error']> | null
  acceptedAt: string
  startedAt: string | null
  finishedAt: string | null
  deadlineAt: string | null
  durationMs: number | null
  lastEventAt: string
  model: string | null
  offline: boolean
  usage: RunUsage
  eventCount: number
  missingEvents: readonly string[]
  invocations: readonly InvocationView[]
  reply: ReplyText
  report: Report | null
  reportBy: Origin
  supersededAttempts: readonly SupersededAttempt[]
}

type RunEvent = Exclude<ThreadEvent, { type: 'thread_renamed' }>

/** The run as its first event shows it; a run is queued until a worker says that it has started. */
export function createRunView(runId: string, event: ThreadEvent): RunView {
  return {
    runId,
    messageId: null,
    replyMessageId: null,
    state: 'queued',
    queue: null,
    outcome: null,
    reason: null,
    error: null,
    acceptedAt: event.time,
    startedAt: null,
    finishedAt: null,
    deadlineAt: null,
    durationMs: null,
    lastEventAt: event.time,
    model: null,
    offline: false,
    usage: { modelCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: '0' },
    eventCount: 0,
    missingEvents: [],
    invocations: [],
    reply: EMPTY_REPLY,
    report: null,
    reportBy: null,
    supersededAttempts: [],
  }
}

/** The run after one more of its events. */
export function applyRunEvent(run: RunView, event: RunEvent): RunView {
  const counted = { ...run, eventCount: run.eventCount + 1, lastEventAt: event.time, usage: addUsage(run.usage, event) }
  const superseded = isSuperseded(run, originOf(event))
  switch (event.type) {
    case 'message_posted':
      return { ...counted, messageId: event.messageId ?? run.messageId }
    case 'run_queued':
      return run.state === 'queued' ? { ...counted, queue: event.payload } : counted
    case 'run_started':
      return startRun(counted, event)
    case 'agent_started':
    case 'agent_thinking':
    case 'tool_executing':
    case 'tool_completed':
    case 'agent_completed':
      return { ...counted, invocations: applyAgentEvent(run.invocations, event, superseded) }
    case 'text_delta':
      if (superseded) return counted
      return { ...counted, reply: appendText(run.reply, { origin: originOf(event), ...event.payload }) }
    case 'attempt_superseded':
      return withdrawAttempt(counted, event)
    case 'report_published':
      if (superseded) return counted
      return { ...counted, report: event.payload.report, reportBy: originOf(event) }
    case 'run_finished':
      break
  }
  return finishRun(counted, event)
}

function startRun(run: RunView, event: Extract<ThreadEvent, { type: 'run_started' }>): RunView {
  const { replyMessageId, deadlineAt, model, offline } = event.payload
  return {
    ...run,
    state: run.state === 'finished' ? 'finished' : 'running',
    queue: null,
    startedAt: run.startedAt ?? event.time,
    replyMessageId,
    deadlineAt,
    model,
    offline,
  }
}

function finishRun(run: RunView, event: Extract<ThreadEvent, { type: 'run_finished' }>): RunView {
  const { outcome, reason, durationMs, costUsd, missingEvents, error } = event.payload
  return {
    ...run,
    state: 'finished',
    queue: null,
    outcome,
    reason,
    durationMs,
    missingEvents,
    error: error ?? null,
    finishedAt: event.time,
    usage: { ...run.usage, costUsd },
    invocations: run.invocations.map(interruptInvocation),
  }
}

function withdrawAttempt(run: RunView, event: Extract<ThreadEvent, { type: 'attempt_superseded' }>): RunView {
  const { supersededStepId: stepId, supersededAttempt: attempt, reason } = event.payload
  const origin = { stepId, attempt }
  const published = run.reportBy === null || !sameOrigin(run.reportBy, origin)
  return {
    ...run,
    invocations: run.invocations.map((invocation) => withdrawFromInvocation(invocation, origin)),
    reply: withdrawText(run.reply, origin),
    supersededAttempts: [...run.supersededAttempts, { stepId, attempt, reason, seq: event.seq }],
    ...(!published && { report: null, reportBy: null }),
  }
}

function isSuperseded(run: RunView, origin: Origin): boolean {
  return origin !== null && run.supersededAttempts.some((attempt) => sameOrigin(attempt, origin))
}

function addUsage(usage: RunUsage, event: ThreadEvent): RunUsage {
  if (!event.usage) return usage
  const { inputTokens, outputTokens, costUsd } = event.usage
  return {
    modelCalls: usage.modelCalls + 1,
    inputTokens: usage.inputTokens + (inputTokens ?? 0),
    outputTokens: usage.outputTokens + (outputTokens ?? 0),
    costUsd: usage.costUsd === null || costUsd === null ? null : addDecimals(usage.costUsd, costUsd),
  }
}
