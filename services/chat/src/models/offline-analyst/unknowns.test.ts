import { describe, expect, test } from 'vitest'
import { understandQuestion } from './understand-question.ts'
import { unknownsOf } from './unknowns.ts'

function unknowns(question: string): string[] {
  const setting = { earlier: [], now: new Date('2026-07-02T09:41:00Z'), covered: null }
  return unknownsOf(question, understandQuestion(question, setting), [], undefined)
}

describe('what a question asks for beyond the data', () => {
  test.each([
    ['What will we spend in 2030?', /no forecast/],
    ['What does it cost next month?', /no forecast/],
    ['How much in euros?', /US dollars/],
    ['What did we spend, in €?', /US dollars/],
    ['cut cost by 300%', /More than the whole cost/],
    ['reduce spending by 101 percent', /More than the whole cost/],
    [`Where does the money go? ${'x '.repeat(2_000)}`, /beginning and its end/],
  ])('is said of “%s”', (question, said) => {
    expect(unknowns(question)).toEqual([expect.stringMatching(said)])
  })

  test.each([
    'Where does the money go, and how do I cut it by 30%?',
    'cut cost by 100%',
    'How much did we spend last week?',
    'How much will caching save?',
    'Why is cost 300% higher than last month?',
  ])('is not said of “%s”', (question) => {
    expect(unknowns(question)).toEqual([])
  })
})
