import { type Json, normaliseJson } from '@apex/protocol/text'
import { EventBody } from '@apex/protocol/thread-event'
import type { RunContext, RunEventInput, RunFacts, StepContext, StepOutcome } from '../run-context.ts'

export type Stored = RunEventInput & { stepId: string; attempt: number }

/** The process died: nothing after it happens in this attempt. */
export class CrashError extends Error {
  override readonly name = 'CrashError'
}

/**
 * A run in memory: it keeps events and step results, replays results in a second attempt, and withdraws what an
 * unfinished attempt of a step had appended, as the runs room does.
 */
export class MemoryRun {
  readonly events: Stored[] = []
  readonly results = new Map<string, Json>()
  readonly facts: RunFacts
  /** The ids of the steps asked for in the last attempt, in order. */
  stepIds: string[] = []
  #attempts = new Map<string, number>()
  #crashAt: { name: string; nth: number } | undefined

  constructor(facts: Partial<RunFacts> & Pick<RunFacts, 'question'>) {
    this.facts = {
      runId: '01990000-0000-7000-8000-000000000001',
      threadId: '01990000-0000-7000-8000-000000000002',
      organizationId: 'org-1',
      userId: 'user-1',
      replyMessageId: '01990000-0000-7000-8000-000000000003',
      history: [],
      correlationId: 'correlation-1',
      startedAt: '2026-07-02T09:41:00.000Z',
      ...facts,
    }
  }

  crashAt(name: string, nth = 1): void {
    this.#crashAt = { name, nth }
  }

  /** A fresh attempt at the whole run, as after a crash. */
  context(signal: AbortSignal = new AbortController().signal): RunContext {
    this.stepIds = []
    return {
      facts: this.facts,
      signal,
      step: (stepId, body) => this.#step(stepId, body, signal),
      crashPoint: (name) => {
        const crash = this.#crashAt
        if (crash?.name !== name || --crash.nth > 0) return
        this.#crashAt = undefined
        throw new CrashError(name)
      },
    }
  }

  /** Events that still count: those of overtaken attempts are withdrawn. */
  shown(): Stored[] {
    const withdrawn = this.events.flatMap((event) => (event.type === 'attempt_superseded' ? [event.payload] : []))
    return this.events.filter(
      (event) =>
        event.type !== 'attempt_superseded' &&
        !withdrawn.some(
          ({ supersededStepId, supersededAttempt }) =>
            supersededStepId === event.stepId && supersededAttempt === event.attempt,
        ),
    )
  }

  /** The text of the reply as a reader sees it. */
  text(): string {
    return this.shown()
      .map((event) => (event.type === 'text_delta' ? event.payload.text : ''))
      .join('')
  }

  report() {
    const published = this.shown().filter((event) => event.type === 'report_published')
    const [only] = published
    if (published.length !== 1 || only?.type !== 'report_published') throw new Error(`${published.length} reports`)
    return only.payload.report
  }

  async #step<Result extends Json>(
    stepId: string,
    body: (step: StepContext) => Promise<StepOutcome<Result>>,
    signal: AbortSignal,
  ): Promise<Result> {
    if (this.stepIds.includes(stepId)) throw new Error(`step ${stepId} is not unique`)
    this.stepIds.push(stepId)
    if (this.results.has(stepId)) return structuredClone(this.results.get(stepId)) as Result
    const attempt = (this.#attempts.get(stepId) ?? 0) + 1
    this.#attempts.set(stepId, attempt)
    const append = async (events: readonly RunEventInput[]) => {
      for (const event of events) {
        const {
          agent: _agent,
          invocationId: _id,
          messageId: _message,
          toolCallId: _call,
          usage: _usage,
          ...bare
        } = event
        EventBody.parse(bare)
        this.events.push({ ...event, stepId, attempt })
      }
    }
    if (attempt > 1) {
      const payload = { supersededStepId: stepId, supersededAttempt: attempt - 1, reason: 'worker lost' }
      await append([{ type: 'attempt_superseded', payload }])
    }
    const outcome = await body({ attempt, signal, append })
    await append(outcome.events ?? [])
    // What a step returns comes back as JSON in a replay, so it does from the first time on.
    this.results.set(stepId, normaliseJson(outcome.result))
    return structuredClone(this.results.get(stepId)) as Result
  }
}
