import type { ThreadEvent } from '@apex/protocol/thread-event'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finished, posted, started, ThreadLog, uuid } from './testing/thread-log.ts'
import { activeRun, applyEvents, createThreadView, needsRefillFrom, turnsOf } from './thread-view.ts'

const EMPTY = createThreadView(uuid(1))

type Move =
  | { do: 'start-agent' | 'think' | 'start-tool' | 'end-tool' | 'end-agent'; step: number; agent: number }
  | { do: 'write'; step: number; text: string; figure: boolean }
  | { do: 'supersede'; step: number }
  | { do: 'usage'; step: number; cost: string | null }
  | { do: 'rename'; text: string }

const step = fc.nat(2)
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constantFrom('start-agent', 'think', 'start-tool', 'end-tool', 'end-agent'),
      step,
      agent: fc.nat(1),
    }),
    fc.record({ do: fc.constant('write' as const), step, text: fc.string({ minLength: 1 }), figure: fc.boolean() }),
    fc.record({ do: fc.constant('supersede' as const), step }),
    fc.record({ do: fc.constant('usage' as const), step, cost: fc.constantFrom('0.0000375', '1.5', null) }),
    fc.record({ do: fc.constant('rename' as const), text: fc.string() }),
  ),
  { maxLength: 40 },
)

/** A log of one run that makes these moves; a step's attempt counts up with each time it is superseded. */
function logOf(run: Move[], outcome: 'completed' | 'stopped' | 'failed'): ThreadEvent[] {
  const log = new ThreadLog()
  const runId = uuid(0x100)
  const attempts = [1, 1, 1]
  log.append(posted('Why?'), { runId, messageId: uuid(0x101) })
  log.append(started(uuid(0x102), 'Why?'), { runId })
  for (const move of run) appendMove(log, runId, attempts, move)
  log.append(finished(outcome), { runId })
  return log.events
}

function appendMove(log: ThreadLog, runId: string, attempts: number[], move: Move): void {
  if (move.do === 'rename') {
    log.append({ type: 'thread_renamed', payload: { title: move.text, by: 'user' } })
    return
  }
  const attempt = attempts[move.step] ?? 1
  const at = { runId, stepId: `step-${move.step}`, attempt }
  if (move.do === 'supersede') {
    const payload = { supersededStepId: at.stepId, supersededAttempt: attempt, reason: 'The worker died.' }
    attempts[move.step] = attempt + 1
    log.append({ type: 'attempt_superseded', payload }, { ...at, attempt: attempt + 1 })
    return
  }
  if (move.do === 'write') {
    const figures = move.figure ? [{ offset: 0, length: move.text.length, claimId: 'total' }] : []
    log.append({ type: 'text_delta', payload: { text: move.text, figures } }, at)
    return
  }
  if (move.do === 'usage') {
    const usage = { provider: 'p', model: 'm', inputTokens: 3, outputTokens: null, costUsd: move.cost }
    log.append({ type: 'agent_thinking', payload: { text: 'Thinking.' } }, { ...at, usage })
    return
  }
  const inAgent = { ...at, agent: 'analysis' as const, invocationId: uuid(0x200 + move.agent), toolCallId: 'call' }
  const bodies = {
    'start-agent': { type: 'agent_started', payload: { purpose: 'Analyses.' } },
    think: { type: 'agent_thinking', payload: { text: `Thought ${log.events.length}` } },
    'start-tool': { type: 'tool_executing', payload: { tool: 'trend', arguments: {} } },
    'end-tool': { type: 'tool_completed', payload: { tool: 'trend', outcome: 'ok', summary: '7 rows', durationMs: 1 } },
    'end-agent': { type: 'agent_completed', payload: { outcome: 'completed', summary: 'Done.', durationMs: 2 } },
  } as const
  log.append(bodies[move.do], inAgent)
}

const logs = fc
  .tuple(moves, fc.constantFrom('completed', 'stopped', 'failed'))
  .map(([run, outcome]) => logOf(run, outcome))

/** The events that count, found without the reducer: no attempt that a later event withdraws. */
function counting(events: ThreadEvent[]): ThreadEvent[] {
  const withdrawn = new Set(
    events.flatMap((event) =>
      event.type === 'attempt_superseded'
        ? [`${event.payload.supersededStepId}/${event.payload.supersededAttempt}`]
        : [],
    ),
  )
  return events.filter((event) => !withdrawn.has(`${event.stepId}/${event.attempt}`))
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}

describe('applyEvents', () => {
  test('gives the same view for any split, repeat and resume of a log', () => {
    const cuts = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 8 })
    fc.assert(
      fc.property(logs, cuts, (events, deliveries) => {
        const whole = applyEvents(EMPTY, events)

        let view = EMPTY
        // Each delivery resumes somewhere at or before the cursor and ends anywhere; the last one ends at the head.
        for (const [back, length] of [...deliveries, [0, events.length] as const]) {
          const from = Math.max(0, view.seq - back)
          view = applyEvents(freeze(view), events.slice(from, from + length))
        }

        expect(view).toEqual(whole)
      }),
    )
  })

  test('gives the same view when events arrive early and are asked for again', () => {
    fc.assert(
      fc.property(logs, fc.array(fc.nat(60)), (events, order) => {
        let view = EMPTY
        for (const at of order) {
          const event = events[at]
          if (event) view = applyEvents(view, [event])
          const after = needsRefillFrom(view)
          if (after !== null) view = applyEvents(view, events.slice(after))
        }

        expect(applyEvents(view, events)).toEqual(applyEvents(EMPTY, events))
      }),
    )
  })

  test('stops before a hole and names the position to read from', () => {
    fc.assert(
      fc.property(logs, fc.nat(60), (events, at) => {
        const lost = Math.min(at, events.length - 2)

        const view = applyEvents(EMPTY, events.toSpliced(lost, 1))

        expect(needsRefillFrom(view)).toBe(lost)
        expect({ ...view, head: lost }).toEqual({ ...applyEvents(EMPTY, events.slice(0, lost)), epoch: 1 })
      }),
    )
  })

  test('shows exactly the text and figures of the attempts that count', () => {
    fc.assert(
      fc.property(logs, (events) => {
        const reply = applyEvents(EMPTY, events).runs[0]?.reply
        const pieces = counting(events).filter((event) => event.type === 'text_delta')

        expect(reply?.text).toBe(pieces.map(({ payload }) => payload.text).join(''))
        const figured = pieces.filter(({ payload }) => payload.figures.length > 0)
        expect(reply?.figures.map(({ offset, length }) => reply.text.slice(offset, offset + length))).toEqual(
          figured.map(({ payload }) => payload.text),
        )
      }),
    )
  })

  test('keeps every thought and tool of a withdrawn attempt, struck, in log order', () => {
    fc.assert(
      fc.property(logs, (events) => {
        const rows = (applyEvents(EMPTY, events).runs[0]?.invocations ?? []).flatMap((invocation) => invocation.rows)
        const began = events.filter(({ type }) => type === 'agent_thinking' || type === 'tool_executing')
        const counted = new Set(counting(events).map(({ seq }) => seq))
        const inLog = rows.filter(({ seq }) => began.some((event) => event.seq === seq))

        expect(inLog.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(began.map(({ seq }) => seq))
        for (const row of inLog) expect(row.superseded).toBe(!counted.has(row.seq))
      }),
    )
  })

  test('leaves nothing running once the run has ended and counts each event of the run', () => {
    fc.assert(
      fc.property(logs, (events) => {
        const run = applyEvents(EMPTY, events).runs[0]

        expect(run?.state).toBe('finished')
        expect(run?.eventCount).toBe(events.filter(({ runId }) => runId !== undefined).length)
        expect(run?.invocations.filter(({ state }) => state === 'running')).toEqual([])
        const rows = (run?.invocations ?? []).flatMap((invocation) => invocation.rows)
        expect(rows.filter((row) => row.kind === 'tool' && row.state === 'running')).toEqual([])
      }),
    )
  })

  test('tells a whole run: question, agents, tools, reply, report, end', () => {
    const log = new ThreadLog()
    log.appendRun(1)
    log.append({ type: 'thread_renamed', payload: { title: 'June', by: 'automatic' } })

    const view = applyEvents(EMPTY, log.events)
    const [turn] = turnsOf(view)

    expect(view.title).toBe('June')
    expect(turn?.question.text).toBe('Where does the money go?')
    expect(turn?.run).toMatchObject({ state: 'finished', outcome: 'completed', offline: true, durationMs: 250 })
    expect(turn?.run?.reply).toMatchObject({
      text: 'You spent $1.50.',
      figures: [{ offset: 10, length: 5, claimId: 'total' }],
    })
    expect(turn?.run?.report?.kind).toBe('full')
    expect(turn?.run?.invocations).toMatchObject([
      {
        agent: 'triage',
        state: 'completed',
        thinking: 'Is the data enough?',
        rows: [{ kind: 'thought' }, { tool: 'data_sufficiency', state: 'ok' }],
      },
    ])
    expect(activeRun(view)).toBeNull()
  })

  test('shows why a queued run waits until it starts, and what still ran as interrupted when it is stopped', () => {
    const log = new ThreadLog()
    const runId = uuid(0x100)
    log.append(posted('Why?'), { messageId: uuid(0x101) })
    log.append({ type: 'run_queued', payload: { ahead: 2, reason: 'Two runs are ahead.' } }, { runId })
    const queued = applyEvents(EMPTY, log.events)
    expect(activeRun(queued)).toMatchObject({ state: 'queued', queue: { ahead: 2 }, messageId: uuid(0x101) })

    log.append(started(uuid(0x102), 'Why?'), { runId })
    log.append(
      { type: 'agent_started', payload: { purpose: 'Leads.' } },
      { runId, agent: 'supervisor', invocationId: uuid(9) },
    )
    log.append({ type: 'text_delta', payload: { text: 'So far', figures: [] } }, { runId })
    log.append(finished('stopped'), { runId })
    const stopped = applyEvents(queued, log.events)

    expect(stopped.runs[0]).toMatchObject({ queue: null, outcome: 'stopped', reply: { text: 'So far' } })
    expect(stopped.runs[0]?.invocations[0]?.state).toBe('interrupted')
  })

  test('sums the cost of model calls exactly and says unknown when one rate is', () => {
    const log = new ThreadLog()
    const runId = uuid(0x100)
    const think = (costUsd: string | null) =>
      log.append(
        { type: 'agent_thinking', payload: { text: 'x' } },
        { runId, usage: { provider: 'p', model: 'm', inputTokens: 10, outputTokens: 5, costUsd } },
      )
    think('0.1')
    think('0.2000375')
    const known = applyEvents(EMPTY, log.events).runs[0]?.usage
    think(null)
    const unknown = applyEvents(EMPTY, log.events).runs[0]?.usage

    expect(known).toEqual({ modelCalls: 2, inputTokens: 20, outputTokens: 10, costUsd: '0.3000375' })
    expect(unknown?.costUsd).toBeNull()
  })

  test('begins anew with a newer epoch and ignores an older one and other threads', () => {
    const old = new ThreadLog(uuid(1), 1)
    old.appendRun(1)
    const restored = new ThreadLog(uuid(1), 2)
    restored.append(posted('Again?'), { messageId: uuid(5) })

    const view = applyEvents(EMPTY, [...old.events, ...restored.events])

    expect(view).toMatchObject({ epoch: 2, seq: 1, runs: [], questions: [{ text: 'Again?' }] })
    expect(applyEvents(view, old.events)).toBe(view)
    expect(applyEvents(view, new ThreadLog(uuid(2)).events)).toBe(view)
  })
})
