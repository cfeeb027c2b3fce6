import { Claim } from '@apex/protocol/claim'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOf } from '../agents/testing/answers.ts'
import { ClaimBook } from './claim-book.ts'
import { claimIdFor } from './claim-id.ts'

const swap = answerOf(
  { question: 'model_swap', params: { scope: {}, from: 'gpt-4o' } },
  {
    rows: [{ model: 'gpt-4o-mini' }, { model: 'gpt-4.1' }],
    figures: {
      'saving:gpt-4o-mini': ['9', 'USD', 2],
      'saving:gpt-4.1': ['5', 'USD', 2],
      'pairs-needed': ['3566', 'count', 0],
    },
    findings: [{ verdict: 'saves', title: 'It saves {{saving:gpt-4.1}}', detail: 'Or {{ saving:gpt-4o-mini }}.' }],
  },
)

describe('ClaimBook', () => {
  test('numbers figures by letters and puts claim ids into findings', () => {
    const evidence = new ClaimBook().add(swap)

    expect(evidence.figures.map(({ id }) => id)).toEqual(['saving', 'saving-b', 'pairs-needed'])
    expect(evidence.findings[0]).toMatchObject({ title: 'It saves {{saving-b}}', detail: 'Or {{saving}}.' })
  })

  test('makes every figure a claim that can be asked again', () => {
    const book = new ClaimBook()
    book.add(swap)

    const claim = Claim.parse(book.claim('saving-b'))
    expect(claim).toMatchObject({
      question: 'model_swap',
      figureKey: 'saving:gpt-4.1',
      display: '$5.00',
      params: swap.params,
      dataVersion: swap.dataVersion,
    })
  })

  test('keeps the ids of a question asked again and takes its new values', () => {
    const book = new ClaimBook()
    book.add(swap)
    const figures = swap.figures.slice(1).map((figure) => ({ ...figure, value: '7' }))
    book.add({ ...swap, figures })

    expect(book.claim('saving-b')?.value).toBe('7')
    expect(book.claim('saving')).toBeUndefined()
    expect(book.evidence()).toHaveLength(1)
  })

  test('knows the names with digits that the answers speak of', () => {
    const book = new ClaimBook()
    book.add(swap)

    expect(book.identifiers()).toEqual(
      expect.arrayContaining(['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'genai-prices@0.1.8']),
    )
  })

  test('knows a group whose name is digits by its dimension', () => {
    const book = new ClaimBook()
    book.add(
      answerOf({ question: 'breakdown', params: { scope: {}, by: 'user', limit: 10 } }, { rows: [{ user: '4711' }] }),
    )

    expect(book.identifiers()).toContain('user=4711')
    expect(book.identifiers()).not.toContain('4711')
  })

  test('takes no bare number or amount for a name', () => {
    const rows = [{ model: '417', service: '$417', feature: 'saves 5 %', user: '5 calls' }]
    const book = new ClaimBook()
    book.add(answerOf({ question: 'overview', params: { scope: {} } }, { rows }))

    expect(book.identifiers()).toEqual(['genai-prices@0.1.8'])
  })
})

describe('claimIdFor', () => {
  test('gives ids of letters and hyphens that are never taken, for any key', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 60 }), (keys) => {
        const taken = new Set<string>()
        for (const key of keys) {
          const id = claimIdFor(key, (each) => taken.has(each))
          expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
          expect(taken.has(id)).toBe(false)
          taken.add(id)
        }
      }),
    )
  })
})
