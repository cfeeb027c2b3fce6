import type { ThreadEvent } from '@apex/protocol/thread-event'
import { applyRunEvent, createRunView, type RunView } from './run-view.ts'

/** What a person wrote. */
export type QuestionView = {
  messageId: string
  runId: string | null
  parentMessageId: string | null
  userId: string
  text: string
  time: string
  seq: number
}

/**
 * A thread as its log tells it: one state for live, reload and replay, in the browser and in the terminal. Immutable;
 * parts that an event does not touch keep their identity.
 */
export type ThreadView = {
  threadId: string
  /** 0 before the first event. */
  epoch: number
  /** The last event applied; everything up to it is in this view. */
  seq: number
  /** The highest position seen, above `seq` when events are missing in between. */
  head: number
  title: string | null
  questions: readonly QuestionView[]
  runs: readonly RunView[]
}

/** A question with the run that answers it. */
export type Turn = { question: QuestionView; run: RunView | null }

/** The view of a thread of which nothing is known yet. */
export function createThreadView(threadId: string): ThreadView {
  return { threadId, epoch: 0, seq: 0, head: 0, title: null, questions: [], runs: [] }
}

/**
 * Applies events in the order given. Repeats change nothing; an event that leaves a hole is not applied and shows in
 * `needsRefillFrom`; a newer epoch begins the view anew.
 */
export function applyEvents(view: ThreadView, events: Iterable<ThreadEvent>): ThreadView {
  let next = view
  for (const event of events) next = applyEvent(next, event)
  return next
}

/** The view after one event; see applyEvents. */
export function applyEvent(view: ThreadView, event: ThreadEvent): ThreadView {
  if (event.threadId !== view.threadId || event.epoch < view.epoch) return view
  if (event.epoch > view.epoch && view.epoch > 0) return applyEvent(createThreadView(view.threadId), event)
  if (event.seq <= view.seq) return view
  const seen = { ...view, epoch: event.epoch, head: Math.max(view.head, event.seq) }
  if (event.seq > view.seq + 1) return seen
  return reduce({ ...seen, seq: event.seq }, event)
}

/** The position after which events are missing, or null when there is no hole. */
export function needsRefillFrom(view: ThreadView): number | null {
  return view.head > view.seq ? view.seq : null
}

/** Questions in log order, each with its run. */
export function turnsOf(view: ThreadView): Turn[] {
  return view.questions.map((question) => ({
    question,
    run: view.runs.find(({ messageId, runId }) => messageId === question.messageId || runId === question.runId) ?? null,
  }))
}

/** The run that is not finished yet, the newest if there are several. */
export function activeRun(view: ThreadView): RunView | null {
  return view.runs.findLast(({ state }) => state !== 'finished') ?? null
}

function reduce(view: ThreadView, event: ThreadEvent): ThreadView {
  if (event.type === 'thread_renamed') return { ...view, title: event.payload.title }
  if (event.type !== 'message_posted') return reduceRun(view, event)
  return reduceRun({ ...view, questions: [...view.questions, questionOf(event)] }, event)
}

function reduceRun(view: ThreadView, event: Exclude<ThreadEvent, { type: 'thread_renamed' }>): ThreadView {
  const { runId } = event
  if (runId === undefined) return view
  const index = view.runs.findIndex((run) => run.runId === runId)
  const before = view.runs[index] ?? { ...createRunView(runId, event), messageId: questionOfRun(view, runId) }
  const run = applyRunEvent(before, event)
  return { ...view, runs: index === -1 ? [...view.runs, run] : view.runs.with(index, run) }
}

/** A run whose question does not name it answers the newest question that no run answers. */
function questionOfRun(view: ThreadView, runId: string): string | null {
  const named = view.questions.find((question) => question.runId === runId)
  if (named) return named.messageId
  const answered = new Set(view.runs.map(({ messageId }) => messageId))
  return (
    view.questions.findLast(({ messageId, runId }) => runId === null && !answered.has(messageId))?.messageId ?? null
  )
}

function questionOf(event: Extract<ThreadEvent, { type: 'message_posted' }>): QuestionView {
  return {
    messageId: event.messageId ?? event.eventId,
    runId: event.runId ?? null,
    parentMessageId: event.payload.parentMessageId,
    userId: event.payload.userId,
    text: event.payload.text,
    time: event.time,
    seq: event.seq,
  }
}
