import { describe, expect, test } from 'vitest'
import { ANSWERS } from '../src/answers.ts'
import { createAsk } from '../src/query/ask.ts'
import type { CallTable } from '../src/store/call-table.ts'
import { figure } from './analytics-fixture.ts'
import { ingestFixture } from './ingest-fixture.ts'

const csv = (...inputs: number[]) =>
  [
    'timestamp,model,input_tokens,output_tokens',
    ...inputs.map((input, index) => `2026-06-01T00:00:0${index}Z,gpt-4o,${input},10`),
  ].join('\n')

describe('an answer', async () => {
  const fixture = await ingestFixture()

  test('is of one data version, whatever is imported and taken back between its reads', async () => {
    const first = await fixture.importText('moving', csv(100, 200))
    const quiet = createAsk({ ...fixture, answers: ANSWERS })
    const question = { question: 'overview', params: { scope: {} } } as const
    const expected = await quiet({ organizationId: 'moving', question })
    let reads = 0
    const calls = {
      read: async (...read: Parameters<CallTable['read']>) => {
        reads += 1
        if (reads === 1) await fixture.importText('moving', csv(1_000, 2_000, 3_000))
        if (reads === 2) await fixture.imports.retract({ organizationId: 'moving', importId: first.id })
        return fixture.calls.read(...read)
      },
    } as CallTable

    const answer = await createAsk({ ...fixture, calls, answers: ANSWERS })({ organizationId: 'moving', question })

    expect(reads).toBeGreaterThan(2)
    expect(answer).toEqual({ ...expected, elapsedMs: expect.any(Number) })
    const later = await quiet({ organizationId: 'moving', question })
    expect(later.coverage.calls).toBe(3)
    expect(figure(later, 'total-cost')).not.toBe(figure(answer, 'total-cost'))
  })
})
