import { NotFoundError } from '@apex/kit/app-error'
import { normaliseText } from '@apex/protocol/text'
import { ThreadEvent } from '@apex/protocol/thread-event'
import * as fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import type { ThreadKey } from '../src/runs/journal.ts'
import { chatDatabase, createChatParts, somebody } from './fixture/chat-parts.ts'

describe('ThreadLog', async () => {
  const { sql } = await chatDatabase()
  const parts = createChatParts(sql)
  const { journal, wake } = parts
  const user = somebody()

  async function newThread(): Promise<ThreadKey> {
    const threadId = uuidv7()
    const { run } = await parts.ask(user, { threadId })
    await Promise.all(parts.works)
    expect(run.threadId).toBe(threadId)
    return { threadId, organizationId: user.organizationId }
  }

  function rename(thread: ThreadKey, titles: string[]) {
    const entries = titles.map((title) => ({
      type: 'thread_renamed' as const,
      payload: { title, by: 'user' as const },
      correlationId: 'test',
    }))
    return journal.commit((transaction) => transaction.append(thread, entries))
  }

  test('gives concurrent writers one order without holes', async () => {
    const thread = await newThread()
    const before = (await journal.after(thread, 0, 1_000)).length

    const appended = await Promise.all(
      Array.from({ length: 30 }, (_, index) => rename(thread, [`a${index}`, `b${index}`])),
    )

    const seqs = appended.flatMap(({ firstSeq, lastSeq }) => [firstSeq, lastSeq]).sort((a, b) => a - b)
    expect(seqs).toEqual(Array.from({ length: 60 }, (_, index) => before + index + 1))
    const events = await journal.after(thread, 0, 1_000)
    expect(events.map((event) => event.seq)).toEqual(Array.from({ length: before + 60 }, (_, index) => index + 1))
  })

  test('answers every event in the shape of the wire', async () => {
    const thread = await newThread()

    for (const event of await journal.after(thread, 0, 1_000)) expect(ThreadEvent.parse(event)).toEqual(event)
  })

  test('a reader that leaves anywhere and comes back sees every event once', async () => {
    const thread = await newThread()
    await rename(
      thread,
      Array.from({ length: 25 }, (_, index) => `title ${index}`),
    )
    const whole = await journal.after(thread, 0, 1_000)

    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.integer({ min: 1, max: 9 }), async (seen, limit) => {
        const resumed = whole.slice(0, seen)
        for (;;) {
          const page = await journal.after(thread, resumed.length, limit)
          if (page.length === 0) break
          resumed.push(...page)
        }
        expect(resumed).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  test('stores any text a person or a model can produce', async () => {
    const thread = await newThread()
    const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })

    await fc.assert(
      fc.asyncProperty(codeUnits, async (units) => {
        const text = String.fromCharCode(...units)
        const { lastSeq } = await rename(thread, [text])
        const [event] = await journal.after(thread, lastSeq - 1, 1)
        expect(event?.type === 'thread_renamed' && event.payload.title).toBe(normaliseText(text))
      }),
      { numRuns: 150 },
    )
  })

  test('wakes readers only once the events can be read', async () => {
    const thread = await newThread()
    const woken: number[] = []
    const unlisten = wake.onThread(thread, ({ seq }) => woken.push(seq))

    const { lastSeq } = await journal.commit(async (transaction) => {
      const payload = { title: 'one', by: 'user' as const }
      const appended = await transaction.append(thread, [{ type: 'thread_renamed', payload, correlationId: 'test' }])
      expect(await journal.after(thread, appended.firstSeq - 1, 1)).toEqual([])
      expect(woken).toEqual([])
      return appended
    })

    unlisten()
    expect(woken).toEqual([lastSeq])
    expect(await journal.after(thread, lastSeq - 1, 1)).toHaveLength(1)
  })

  test('wakes nobody and leaves no hole when the transaction fails', async () => {
    const thread = await newThread()
    const before = (await journal.after(thread, 0, 1_000)).length
    const woken: number[] = []
    const unlisten = wake.onThread(thread, ({ seq }) => woken.push(seq))

    const failed = journal.commit(async (transaction) => {
      const payload = { title: 'lost', by: 'user' as const }
      await transaction.append(thread, [{ type: 'thread_renamed', payload, correlationId: 'test' }])
      throw new Error('changed my mind')
    })

    await expect(failed).rejects.toThrow('changed my mind')
    expect(woken).toEqual([])
    expect((await rename(thread, ['kept'])).lastSeq).toBe(before + 1)
    unlisten()
  })

  test('refuses a thread of another organisation, and reads nothing of it', async () => {
    const thread = await newThread()
    const foreign = { threadId: thread.threadId, organizationId: somebody().organizationId }

    await expect(rename(foreign, ['mine now'])).rejects.toThrow(NotFoundError)
    expect(await journal.after(foreign, 0, 1_000)).toEqual([])
  })

  test('the database itself refuses a second end of a run', async () => {
    const thread = await newThread()
    const [event] = await sql<{ runId: string }[]>`
      select run_id as "runId" from thread_event
      where thread_id = ${thread.threadId} and organization_id = ${thread.organizationId} and type = 'run_finished'`

    const second = sql`
      insert into thread_event (thread_id, seq, event_id, organization_id, type, run_id, time, body)
      values (${thread.threadId}, 9999, ${uuidv7()}, ${thread.organizationId}, 'run_finished', ${event?.runId ?? ''},
        now(), '{}')`

    await expect(second).rejects.toThrow(/thread_event_run_finished/)
  })
})
