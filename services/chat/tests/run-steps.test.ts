import { AppError, UnavailableError } from '@apex/kit/app-error'
import { waitFor } from '@apex/kit/testing/wait-for'
import { describe, expect, test } from 'vitest'
import type { RunContext, StepContext } from '../src/agents/run-context.ts'
import type { Conductor } from '../src/runs/run-worker.ts'
import { stopRun } from '../src/runs/stop-run.ts'
import { chatDatabase, createChatParts, somebody, textDelta, waitingForLocks } from './fixture/chat-parts.ts'

describe('a durable run', async () => {
  const { sql } = await chatDatabase({ max: 10 })
  const user = somebody()

  async function play(conduct: Conductor) {
    const parts = createChatParts(sql, { conduct })
    const { run } = await parts.ask(user)
    const ended = () => Promise.all(parts.works).then(() => undefined)
    const events = () => parts.whole(user, run.threadId)
    const types = async () => (await events()).map((event) => event.type)
    return { parts, run, ended, events, types, ref: { runId: run.id, organizationId: user.organizationId } }
  }

  test('shows acceptance, start, work and end in this order', async () => {
    const { ended, types } = await play(async (context) => {
      await context.step('one', async () => ({ result: 1, events: [textDelta('One.')] }))
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect(await types()).toEqual([
      'message_posted',
      'thread_renamed',
      'run_queued',
      'run_started',
      'text_delta',
      'run_finished',
    ])
  })

  test('does a step once and gives its result to every repeat', async () => {
    let acted = 0
    const conduct: Conductor = async (context) => {
      const first = await context.step('act', async () => ({ result: { acted: ++acted } }))
      const second = await context.step('act', async () => ({ result: { acted: ++acted } }))
      expect([first, second]).toEqual([{ acted: 1 }, { acted: 1 }])
      return { reportKind: null, costUsd: '0' }
    }
    const { ended, events } = await play(conduct)
    await ended()

    expect(acted).toBe(1)
    expect((await events()).at(-1)).toMatchObject({ type: 'run_finished', payload: { outcome: 'completed' } })
  })

  test('a null result counts as a result', async () => {
    let acted = 0
    const { ended, events } = await play(async (context) => {
      for (const _ of [1, 2]) await context.step('act', async () => ({ result: (acted++, null) }))
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect(acted).toBe(1)
    expect((await events()).at(-1)).toMatchObject({ payload: { outcome: 'completed' } })
  })

  test('an overtaken attempt can append nothing, and what it had appended is withdrawn', async () => {
    const attempts: StepContext[] = []
    const { promise: overtaken, resolve: overtake } = Promise.withResolvers<void>()
    const { promise: refused, resolve: refuse } = Promise.withResolvers<unknown>()
    const conduct: Conductor = async (context) => {
      await context.step('speak', async (step) => {
        attempts.push(step)
        if (step.attempt === 1) {
          await step.append([textDelta('old')])
          await overtaken
          await step.append([textDelta('too late')]).catch(refuse)
          return { result: 'old', events: [textDelta('too late as well')] }
        }
        overtake()
        await refused
        return { result: 'new', events: [textDelta('new')] }
      })
      return { reportKind: null, costUsd: '0' }
    }
    const { parts, events, ref } = await play(conduct)
    await waitFor(() => attempts.length === 1)

    // As another node would after taking this one for dead.
    await parts.worker.execute(ref)
    await Promise.allSettled(parts.works)

    expect(await refused).toMatchObject({ reason: 'superseded', attempt: 1 })
    expect(attempts[0]?.signal.aborted).toBe(true)
    const log = await events()
    expect(
      log.filter((event) => event.type === 'text_delta').map((event) => [event.attempt, event.payload.text]),
    ).toEqual([
      [1, 'old'],
      [2, 'new'],
    ])
    expect(log.filter((event) => event.type === 'attempt_superseded').map((event) => event.payload)).toEqual([
      { supersededStepId: 'speak', supersededAttempt: 1, reason: expect.any(String) },
    ])
    expect(log.filter((event) => event.type === 'run_finished')).toHaveLength(1)
  })

  test('an append that waits while its attempt is overtaken is refused', async () => {
    let seen: StepContext | undefined
    const { promise: finish, resolve } = Promise.withResolvers<void>()
    const { parts, run, events } = await play(async (context) => {
      await context.step('speak', async (step) => {
        seen = step
        await finish
        return { result: null }
      })
      return { reportKind: null, costUsd: '0' }
    })
    const step = await waitFor(() => seen)
    const thread = { threadId: run.threadId, organizationId: user.organizationId }

    const late = await parts.journal.commit(async (transaction) => {
      await transaction.lock(thread)
      await transaction.sql`update run_step set attempt = attempt + 1 where run_id = ${run.id} and step_id = 'speak'`
      const refused = expect(step.append([textDelta('too late')])).rejects.toMatchObject({ reason: 'superseded' })
      await waitFor(async () => (await waitingForLocks(sql)) > 0)
      return { refused }
    })
    await late.refused
    resolve()
    await Promise.allSettled(parts.works)

    expect((await events()).filter((event) => event.type === 'text_delta')).toEqual([])
  })

  test('a step holds no lock while it works', async () => {
    const free: number[] = []
    const { ended, events } = await play(async (context) => {
      const { organizationId, runId, threadId, userId } = context.facts
      await context.step('work', async (step) => {
        await step.append([textDelta('Working.')])
        const locks = await Promise.all([
          sql`select 1 from user_slot where organization_id = ${organizationId} and user_id = ${userId} for update nowait`,
          sql`select 1 from thread where id = ${threadId} for update nowait`,
          sql`select 1 from run where id = ${runId} for update nowait`,
        ])
        free.push(...locks.map((rows) => rows.length))
        return { result: null }
      })
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect(free).toEqual([1, 1, 1])
    expect((await events()).at(-1)).toMatchObject({ payload: { outcome: 'completed' } })
  })

  test('a step keeps none of its last events when its result cannot be stored', async () => {
    const { ended, events } = await play(async (context) => {
      await context.step('speak', async () => {
        // As if another had stored it: the second insert of a result is refused by the database.
        const { runId } = context.facts
        await sql`insert into step_result (run_id, step_id, result) values (${runId}, 'speak', 'null')`
        return { result: 'mine', events: [textDelta('Hello.')] }
      })
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect((await events()).map((event) => event.type)).not.toContain('text_delta')
  })

  test('an attempt that appended nothing is repeated without a word', async () => {
    let tries = 0
    const { ended, types } = await play(async (context) => {
      await context.step('flaky', async () => {
        if (++tries === 1) throw new UnavailableError('not now')
        return { result: null, events: [textDelta('done')] }
      })
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect(tries).toBe(2)
    expect(await types()).not.toContain('attempt_superseded')
  })

  test('an error that says it is final is not tried again and fails the run', async () => {
    let tries = 0
    const { ended, events } = await play(async (context) => {
      await context.step('wrong', async () => {
        tries += 1
        throw new AppError('unprocessable', 'The model refused this question.')
      })
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect(tries).toBe(1)
    const last = (await events()).at(-1)
    expect(last).toMatchObject({
      type: 'run_finished',
      payload: {
        outcome: 'failed',
        reason: 'The model refused this question.',
        error: { code: 'unprocessable', charged: false },
      },
    })
  })

  test('an unexpected failure ends the run and tells nothing of its inside', async () => {
    const { ended, events } = await play(async () => {
      throw new Error('secret detail of the machine')
    })
    await ended()

    const last = (await events()).at(-1)
    expect(last).toMatchObject({ type: 'run_finished', payload: { outcome: 'failed', error: { code: 'internal' } } })
    expect(JSON.stringify(last)).not.toContain('secret')
  })

  test('gives up a step after three tries', async () => {
    let tries = 0
    const { ended, events } = await play(async (context) => {
      await context.step('away', async () => {
        tries += 1
        throw new UnavailableError('The provider does not answer.')
      })
      return { reportKind: null, costUsd: '0' }
    })
    await ended()

    expect(tries).toBe(3)
    expect((await events()).at(-1)).toMatchObject({ payload: { outcome: 'failed', error: { retryable: true } } })
  })

  test('stopping ends the run at once, aborts its work and lets nothing follow', async () => {
    let seen: StepContext | undefined
    let run: RunContext | undefined
    const {
      parts,
      run: accepted,
      ended,
      events,
    } = await play(async (context) => {
      run = context
      await context.step('long', async (step) => {
        seen = step
        await step.append([textDelta('a beginning')])
        await new Promise((resolve) => step.signal.addEventListener('abort', resolve))
        await step.append([textDelta('too late')])
        return { result: null }
      })
      return { reportKind: null, costUsd: '0' }
    })
    await waitFor(() => seen)
    await waitFor(async () => (await events()).some((event) => event.type === 'text_delta'))

    const command = { commandId: accepted.id, runId: accepted.id }
    const stopped = await stopRun(parts, user, command)
    await ended()

    expect(stopped.run).toMatchObject({ state: 'finished', outcome: 'stopped' })
    expect(run?.signal.aborted).toBe(true)
    const log = await events()
    expect(log.at(-1)).toMatchObject({ type: 'run_finished', seq: stopped.seq, payload: { outcome: 'stopped' } })
    expect(await stopRun(parts, user, command)).toEqual(stopped)
    const messages = await parts.threads.messages(user, accepted.threadId)
    expect(messages.map(({ author, kind, text }) => ({ author, kind, text }))).toEqual([
      { author: 'user', kind: 'question', text: 'Why?' },
      { author: 'assistant', kind: 'reply', text: 'a beginning' },
    ])
  })

  test('a completed run that lacks live events says which, and the metric counts them', async () => {
    const { parts, ended, events } = await play(async () => ({ reportKind: 'fallback', costUsd: '0' }))
    await ended()

    const last = (await events()).at(-1)
    expect(last?.type === 'run_finished' && last.payload.missingEvents).toHaveLength(5)
    expect(await parts.metrics.metrics()).toContain('chat_run_missing_events_total{type="agent_started"} 1')
  })

  test('a published report becomes the answer, and its run is known by it', async () => {
    const { parts, run, ended } = await play(async (context) => {
      const { replyMessageId: messageId, runId, threadId } = context.facts
      const report = {
        runId,
        threadId,
        messageId,
        kind: 'guidance' as const,
        title: 'Connect',
        text: 'Connect data.',
        figures: [],
        claims: [],
        unknowns: [],
        nextSteps: [],
        model: 'scripted',
        offline: true,
        containsSampleData: false,
        publishedAt: context.facts.startedAt,
      }
      await context.step('publish', async () => ({
        result: null,
        events: [textDelta('Connect data.'), { type: 'report_published', payload: { report } }],
      }))
      return { reportKind: 'guidance', costUsd: '0' }
    })
    await ended()

    expect((await parts.threads.report(user, run.id)).title).toBe('Connect')
    const messages = await parts.threads.messages(user, run.threadId)
    expect(messages.at(-1)).toMatchObject({ id: run.replyMessageId, kind: 'report', parentMessageId: run.messageId })
    await expect(parts.threads.report(somebody(), run.id)).rejects.toThrow('no such report')
  })

  test('a next question carries the branch before it', async () => {
    const told: unknown[] = []
    const parts = createChatParts(sql, {
      conduct: async (context) => {
        told.push(context.facts.history)
        await context.step('speak', async () => ({
          result: null,
          events: [textDelta(`Answer to ${context.facts.question}`)],
        }))
        return { reportKind: null, costUsd: '0' }
      },
    })
    const first = await parts.ask(user, { text: 'First?' })
    await Promise.all(parts.works)
    const { threadId } = first.run
    await parts.ask(user, { threadId, text: 'Second?', parentMessageId: first.run.replyMessageId })
    await Promise.all(parts.works)

    expect(told).toEqual([
      [],
      [
        { author: 'user', text: 'First?' },
        { author: 'assistant', text: 'Answer to First?' },
      ],
    ])
  })
})
