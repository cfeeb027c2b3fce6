import { captureLog } from '@apex/kit/testing/capture-log'
import { waitFor } from '@apex/kit/testing/wait-for'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { describe, expect, test } from 'vitest'
import { createWake } from '../threads/wake.ts'
import { type Chunk, type ReadLog, ThreadFeed } from './thread-feed.ts'
import { ThreadFeeds } from './thread-feeds.ts'
import { ThreadSubscription } from './thread-subscription.ts'

const thread = { threadId: '01890a5d-ac96-7cc4-8b1f-0b9f0f6d2b11', organizationId: 'org' }

/** A log that grows at will and answers a read with what stood in it when the read began. */
function growingLog(length: number) {
  const wake = createWake()
  const { log } = captureLog()
  const reads: number[] = []
  const state = { length }
  const read: ReadLog = async (_thread, after, limit) => {
    reads.push(after)
    const last = Math.min(state.length, after + limit)
    return Array.from({ length: Math.max(0, last - after) }, (_, index) => ({ seq: after + 1 + index }) as ThreadEvent)
  }
  function grow(to: number) {
    state.length = to
    wake.announceThread({ ...thread, epoch: 1, seq: to, deleted: false })
  }
  return { wake, log, read, reads, grow }
}

async function readThrough(feed: ThreadFeed, after: number): Promise<number[]> {
  const seqs: number[] = []
  let chunk: Chunk | null
  for (let cursor = after; (chunk = await feed.next(cursor)) !== null; cursor = chunk.lastSeq) {
    seqs.push(...(JSON.parse(chunk.frame) as { events: { seq: number }[] }).events.map(({ seq }) => seq))
  }
  return seqs
}

describe('ThreadFeed', () => {
  test('gives each event once though the log grew while somebody looked where it stands', async () => {
    const { grow, log, read, reads, wake } = growingLog(4)
    const feed = new ThreadFeed({ thread, wake, read, log })

    grow(5)
    await Promise.resolve()
    feed.observe({ epoch: 1, seq: 4 })
    await waitFor(() => reads.length > 0)
    grow(7)
    await waitFor(async () => (await readThrough(feed, 5)).length === 2)

    expect(await readThrough(feed, 0)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await readThrough(feed, 4)).toEqual([5, 6, 7])
    feed.close()
  })

  test('reads nothing again of a long log that a new viewer has seen', async () => {
    const { grow, log, read, reads, wake } = growingLog(5_000)
    const feed = new ThreadFeed({ thread, wake, read, log })

    grow(5_001)
    feed.observe({ epoch: 1, seq: 5_000 })
    await waitFor(async () => (await readThrough(feed, 5_000)).length === 1)

    expect(reads).toEqual([5_000])
    feed.close()
  })
})

describe('ThreadSubscription', () => {
  test('reads on when the log grows in the instant in which it found nothing more', async () => {
    const { grow, log, read, wake } = growingLog(1)
    const lease = new ThreadFeeds({ wake, read, log }).acquire(thread)
    lease.feed.observe({ epoch: 1, seq: 1 })
    const sent: string[] = []
    const subscription = new ThreadSubscription({
      stream: `thread:${thread.threadId}`,
      lease,
      after: 1,
      outlet: {
        writable: true,
        // Told that it is caught up, the reader is asked to read at once, while it still is at it.
        send: (frame) => {
          sent.push(frame.kind)
          if (frame.kind === 'live') queueMicrotask(() => subscription.advanced())
        },
        sendReady: (frame) => sent.push(JSON.parse(frame).events.length),
      },
    })
    const next = lease.feed.next.bind(lease.feed)
    let looks = 0
    lease.feed.next = (after) => ((looks += 1), next(after))

    await subscription.pump()

    expect(looks).toBe(2)
    grow(3)
    await waitFor(() => sent.length === 2)
    expect(sent).toEqual(['live', 2])
    subscription.end()
  })
})
