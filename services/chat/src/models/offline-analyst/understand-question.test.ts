import { describe, expect, test } from 'vitest'
import type { Intent } from '../../agents/triage.ts'
import { type Understanding, understandQuestion } from './understand-question.ts'

const NOW = new Date('2026-07-02T09:41:00Z')
const COVERED = { from: '2026-06-01T00:00:00Z', to: '2026-06-30T23:59:00Z' }

function understand(question: string, earlier: string[] = []): Understanding {
  return understandQuestion(question, { earlier, now: NOW, covered: COVERED })
}

const PHRASINGS: [string, Intent[]][] = [
  ['Where does the money go, and how do I cut it by 30%?', ['where_money', 'cut_cost']],
  ['Where does the money go?', ['where_money']],
  ['where is our budget going', ['where_money']],
  ['Wher does teh mony go', ['where_money']],
  ['What drives our cost?', ['where_money']],
  ['break down the spend by service and user', ['where_money']],
  ['cost by feature please', ['where_money']],
  ['Which model is most expensive?', ['where_money']],
  ['which users cost the most?', ['where_money']],
  ['top 5 conversations by spend', ['where_money']],
  ['How much did we spend last week?', ['cost_total']],
  ['How many calls?', ['cost_total']],
  ['what is the average cost per call', ['cost_total']],
  ['total cost in June', ['cost_total']],
  ['Why did it jump on Tuesday?', ['why_change']],
  ['why is the bill higher than last month', ['why_change']],
  ['what happened on 16 June?', ['why_change']],
  ['there was a spike yesterday, explain', ['why_change']],
  ['How do I cut cost 30 % without slowing down?', ['cut_cost']],
  ['reduse our spending by a third', ['cut_cost']],
  ['save 20 percent without changing models', ['cut_cost']],
  ['make it cheaper', ['cut_cost']],
  ['Which calls could use a cheaper model, at what quality risk?', ['model_choice']],
  ['What would this cost on gpt-4o-mini?', ['model_choice']],
  ['should we switch from gpt-4o to claude-haiku-4-5', ['model_choice']],
  ['Would prompt caching pay here, and where would it lose money?', ['caching']],
  ['does promt cahcing help us', ['caching']],
  ['is a one hour cache worth writing', ['caching']],
  ['What can go to batch?', ['batch']],
  ['can we use the batch api', ['batch']],
  ['What do retries, failures and oversized contexts cost?', ['errors']],
  ['how many errors do we have', ['errors']],
  ['Can we take 50 % more traffic, and when do we hit rate limits?', ['traffic']],
  ['when is the busiest minute', ['traffic']],
  ['show cost per day', ['trend']],
  ['how does spend develop over time', ['trend']],
  ["Was last month's model switch worth it, should we roll back?", ['verify_change']],
  ['What would this very conversation have cost elsewhere?', ['conversation_cost']],
  ['How do I import my data?', ['data_help']],
  ['which columns does the csv need', ['data_help']],
  ['hello', ['greeting']],
  ['Thank you!', ['greeting']],
  ['what can you do?', ['about']],
  ['write me a poem', ['out_of_scope']],
  ['write me a poem about token costs', ['out_of_scope']],
  ["what's the weather tomorrow", ['out_of_scope']],
  ['who won the match', ['out_of_scope']],
]

describe('understandQuestion', () => {
  test.each(PHRASINGS)('reads %j as %j', (question, intents) => {
    const found = understand(question).intents

    expect(found[0]).toBe(intents[0])
    expect(found.slice(0, intents.length)).toEqual(intents)
  })

  test.each([
    ['cut it by 30%', 0.3, '30%'],
    ['save 12.5 percent', 0.125, '12.5 percent'],
    ['reduce the bill by half', 0.5, 'by half'],
  ])('reads the goal of %j', (question, share, words) => {
    expect(understand(question).goal).toEqual({ share, words })
  })

  test('takes more traffic for no goal', () => {
    expect(understand('Can we take 50 % more traffic?').goal).toBeNull()
  })

  test('reads the limits a person sets', () => {
    const both = understand('cut cost 30 % without slowing down and without changing models')

    expect(both).toMatchObject({ keepLatency: true, keepModels: true })
    expect(understand('cut cost 30 %')).toMatchObject({ keepLatency: false, keepModels: false })
  })

  test.each([
    ['only the checkout service', [{ name: 'checkout', dimension: 'service' }]],
    ['what does service billing-api cost?', [{ name: 'billing-api', dimension: 'service' }]],
    ['cost by service', []],
    ['cost by feature last month', []],
    ['cost by user and feature since June', []],
    ['which service costs the most?', []],
    ['how much in production?', [{ name: 'production', dimension: 'environment' }]],
    ['just checkout', [{ name: 'checkout', dimension: null }]],
  ])('reads the names in %j', (question, mentions) => {
    expect(understand(question, ['where does the money go?']).mentions).toEqual(mentions)
  })

  test.each([
    ['cost last week', '2026-06-22T00:00:00.000Z', '2026-06-29T00:00:00.000Z'],
    ['cost in June', '2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
    ['cost yesterday', '2026-07-01T00:00:00.000Z', '2026-07-02T00:00:00.000Z'],
    ['cost on Tuesday', '2026-06-30T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
    ['cost on 16 June', '2026-06-16T00:00:00.000Z', '2026-06-17T00:00:00.000Z'],
    ['cost from 2026-06-03 to 2026-06-04', '2026-06-03T00:00:00.000Z', '2026-06-05T00:00:00.000Z'],
    ['cost of the last 7 days', '2026-06-25T09:41:00.000Z', '2026-07-02T09:41:00.000Z'],
  ])('reads the time in %j', (question, from, to) => {
    expect(understand(question).range).toMatchObject({ from, to })
  })

  test('a follow-up keeps the wish of the turn before', () => {
    const found = understand('only the checkout service', ['How do I cut cost by 30 %?'])

    expect(found).toMatchObject({ intents: ['cut_cost'], goal: { share: 0.3 }, mentions: [{ name: 'checkout' }] })
    expect(understand('and by user?', ['where does the money go?'])).toMatchObject({
      intents: ['where_money'],
      dimensions: ['user'],
    })
  })

  test('reads the models a question moves between', () => {
    expect(understand('should we switch from gpt-4o to claude-haiku-4-5').models).toEqual({
      named: ['gpt-4o', 'claude-haiku-4-5'],
      to: 'claude-haiku-4-5',
    })
  })
})

describe('a question made to be slow', () => {
  test.each(['where money ', 'why ', 'which model ', 'a.b-', 'explain '])(
    'of “%s” again and again is read quickly',
    (words) => {
      const startedMs = performance.now()
      understand(words.repeat(32_000 / words.length))
      expect(performance.now() - startedMs).toBeLessThan(2_000)
    },
  )

  test('of great length is read at its beginning and its end', () => {
    const { intents, goal } = understand(`Where does the money go? ${'x '.repeat(15_000)} and cut it by 30%`)
    expect(intents).toEqual(['where_money', 'cut_cost'])
    expect(goal?.words).toBe('30%')
  })
})

describe('a saving somebody speaks of', () => {
  test.each(['Is it true that we saved 47% by moving calls to gpt-5?', 'Did we cut cost by 20% in June?'])(
    'is no goal: %s',
    (question) => expect(understand(question).goal).toBeNull(),
  )
})
