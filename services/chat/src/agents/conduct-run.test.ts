import { createLog } from '@apex/kit/log'
import { systemClock } from '@apex/kit/clock'
import { FIVE_EVENTS } from '@apex/protocol/thread-event'
import { describe, expect, test } from 'vitest'
import { createOfflineAnalyst } from '../models/offline-analyst/offline-analyst.ts'
import { conductRun } from './conduct-run.ts'
import { MemoryAnalytics } from './testing/memory-analytics.ts'
import { MemoryRun } from './testing/memory-run.ts'

const log = createLog({ service: 'chat', level: 'silent' })

async function ask(question: string, analytics = new MemoryAnalytics(), model = createOfflineAnalyst()) {
  const run = new MemoryRun({ question })
  const ended = await conductRun(run.context(), { analytics, model, log, clock: systemClock })
  return { run, ended, analytics }
}

describe('conductRun', () => {
  test('answers the golden question from sufficient data', async () => {
    const { run, ended } = await ask('Where does the money go, and how do I cut it by 30%?')
      run
        .shown()
        .map(
          (e) =>
            `${e.type} ${e.agent ?? ''} ${JSON.stringify(e.type === 'report_published' || e.type === 'text_delta' ? '' : e.payload).slice(0, 170)}`,
        )
        .join('\n'),
    )
    expect(ended.reportKind).toBe('full')
    for (const type of FIVE_EVENTS) expect(run.shown().some((event) => event.type === type)).toBe(true)
  })
})
