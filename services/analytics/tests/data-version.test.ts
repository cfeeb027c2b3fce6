import { describe, expect, test } from 'vitest'
import { ANSWERS } from '../src/answers.ts'
import { createAsk } from '../src/query/ask.ts'
import type { Batches } from '../src/versions/batches.ts'
import { figure } from './analytics-fixture.ts'
import { ingestFixture } from './ingest-fixture.ts'

const csv = (...inputs: number[]) =>
  [
    'timestamp,model,input_tokens,output_tokens',
    ...inputs.map((input, index) => `2026-06-01T00:00:0${index}Z,gpt-4o,${input},10`),
  ].join('\n')

describe('an answer', async () => {
  const fixture = await ingestFixture()

  test('is of the data version it read first, whatever is imported and taken back meanwhile', async () => {
    const first = await fixture.importText('moving', csv(100, 200))
    const quiet = createAsk({ ...fixture, answers: ANSWERS })
    const question = { question: 'overview', params: { scope: {} } } as const
    const expected = await quiet({ organizationId: 'moving', question })
    let moved = false
    const batches = {
      visibility: async (...asked: Parameters<Batches['visibility']>) => {
        const visibility = await fixture.batches.visibility(...asked)
        if (!moved) {
          moved = true
          await fixture.importText('moving', csv(1_000, 2_000, 3_000))
          await fixture.imports.retract({ organizationId: 'moving', importId: first.id })
        }
        return visibility
      },
    } as Batches

    const answer = await createAsk({ ...fixture, batches, answers: ANSWERS })({ organizationId: 'moving', question })

    expect(answer).toEqual({ ...expected, elapsedMs: expect.any(Number) })
    const later = await quiet({ organizationId: 'moving', question })
    expect(later.coverage.calls).toBe(3)
    expect(figure(later, 'total-cost')).not.toBe(figure(answer, 'total-cost'))
  })
})
