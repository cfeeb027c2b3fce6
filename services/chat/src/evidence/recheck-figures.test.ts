import type { Claim } from '@apex/protocol/claim'
import type { Answer } from '@apex/protocol/question'
import { describe, expect, test } from 'vitest'
import { answerOf } from '../agents/testing/answers.ts'
import { claimOf } from './claim-book.ts'
import { recheckFigures } from './recheck-figures.ts'

const answer = answerOf(
  { question: 'overview', params: { scope: {} } },
  { figures: { 'total-cost': ['96.774135', 'USD', 2], calls: ['19366', 'calls', 0] } },
)
const claims = answer.figures.map((figure) => claimOf(figure.key, figure, answer))
const signal = new AbortController().signal

function recheck(given: Claim[], now: Answer | Error) {
  const ask = async () => {
    if (now instanceof Error) throw now
    return now
  }
  return recheckFigures(given, { ask, publishClaims: async () => {} }, signal)
}

function tamper(change: Partial<Claim>): Claim[] {
  return claims.map((claim) => (claim.id === 'total-cost' ? { ...claim, ...change } : claim))
}

describe('recheckFigures', () => {
  test('finds nothing to withdraw when every figure comes out the same', async () => {
    expect(await recheck(claims, answer)).toEqual({ checked: 2, mismatches: [], refreshed: [], unreachable: [] })
  })

  test.each([
    ['value', { value: '96.7741350000001' }],
    ['unit', { unit: 'USD/call' as const }],
    ['display', { display: '$97' }],
    ['missing', { figureKey: 'invented' }],
  ])('finds a claim whose %s was changed', async (reason, change) => {
    const { mismatches } = await recheck(tamper(change), answer)

    expect(mismatches).toEqual([{ claimId: 'total-cost', reason }])
  })

  test('gives the newer answer when the data has moved on', async () => {
    const newer = { ...answer, dataVersion: { ...answer.dataVersion, watermark: 2 } }

    expect(await recheck(claims, newer)).toMatchObject({ mismatches: [], refreshed: [newer] })
  })

  test('names the claims whose question cannot be asked again', async () => {
    expect(await recheck(claims, new Error('away'))).toMatchObject({ unreachable: ['total-cost', 'calls'] })
  })
})
