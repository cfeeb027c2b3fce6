import type { Claim } from '@apex/protocol/claim'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOf } from '../agents/testing/answers.ts'
import { claimOf } from './claim-book.ts'
import { type GateRules, gateText, uncoveredNumerals } from './figure-gate.ts'
import { quantitiesOf } from './quoted-quantity.ts'
import { gateWhole, joinPieces, StreamingGate, WITHHELD_NOTICE } from './streaming-gate.ts'

const QUESTION = 'Where does the money go, and how do I cut it by 30% for our top 5 models?'
const answer = answerOf(
  { question: 'overview', params: { scope: {} } },
  { figures: { 'total-cost': ['96.774135', 'USD', 2], calls: ['19366', 'calls', 0], share: ['0.577', 'ratio', 1] } },
)
const claims = new Map<string, Claim>(answer.figures.map((figure) => [figure.key, claimOf(figure.key, figure, answer)]))
const rules: GateRules = {
  claim: (id) => claims.get(id),
  quoted: quantitiesOf(QUESTION),
  identifiers: new Set(['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'genai-prices@0.1.8', 'anthropic-5m']),
}

function isRefused(text: string, lineStart = false): boolean {
  return gateText(text, lineStart, rules).refusals.length > 0
}

describe('gateText', () => {
  test('puts displayed values in place of placeholders and marks where they stand', () => {
    const gated = gateText('It cost {{total-cost}} over {{ calls }}.', true, rules)

    expect(gated.text).toBe('It cost $96.77 over 19,366 calls.')
    expect(gated.figures.map(({ offset, length }) => gated.text.slice(offset, offset + length))).toEqual([
      '$96.77',
      '19,366 calls',
    ])
    expect(gated.refusals).toEqual([])
  })

  test.each([
    'It cost $96.77.',
    'That is 94 % of it.',
    'That is thirty percent of it.',
    'It is a third of the cost.',
    'It costs twice as much.',
    'It doubles the bill.',
    'It is tenfold.',
    'Half of the calls fail.',
    'About two thirds of it.',
    'Roughly a dozen calls.',
    'It costs {{total-cost}} million.',
    'It costs {{total-cost}}0.',
    'It costs {{total-cost}},000.',
    'It costs 1{{total-cost}}.',
    'It costs {{total-cost}}5 models.',
    'It costs {{total-cost}},5 models.',
    'It costs {{unknown-claim}}.',
    'It costs {{total-cost.',
    'It saves ½ of it.',
    'It saves x² of it.',
    'It saves &#51;0.',
    'It saves &frac12;.',
    'It saves thir\u200Bty percent.',
    'It saves thir**ty** percent.',
    'It saves 三 dollars.',
    'It saves ٣٠ dollars.',
    'It has 30 calls.',
    'It costs $30.',
    'It lists top 5 services.',
    'It runs on gpt-47o.',
    'It runs on gpt-4o-mini-7.',
    'It runs on gpt-4o7.',
    'June 30 calls were made.',
    'On 512 June 2026.',
    'It is `417`.',
    'It is `cost: 417`.',
    'It is `ttl 417`.',
    'It is `$4`.',
    'It is `max_tokens=$512`.',
    'It is `ttl=31%`.',
    'See step 417.',
    'It grew 3x.',
    'It took 24 hours.',
    'In 2026 calls grew.',
    '| 12 |',
  ])('refuses %j', (text) => {
    expect(isRefused(text)).toBe(true)
  })

  test.each([
    'On 16 November 2023, 18:15 to 19:14 UTC.',
    'Since 2026-06-01 and at 2026-06-01T09:41:07Z.',
    'In June 2026, on June 16, on the 2nd.',
    'The first, second and third step.',
    'To cut it by 30% or 30 % or 30 percent.',
    'The top 5 models of the question.',
    'It runs on gpt-4o and claude-sonnet-4-5, priced by genai-prices@0.1.8.',
    'Moving from gpt-4o to gpt-4o-mini.',
    'Write `cache_control: {"type": "ephemeral", "ttl": "1h"}`.',
    'Call `/v1/messages/batches` with `max_tokens=512`.',
    'The p95 latency, as step 2 says.',
    'A one-hour cache, a 5-minute cache, the 24-hour batch window.',
    'One model carries all of it; one of them.',
    'Nothing else is known.',
  ])('lets %j through', (text) => {
    expect(gateText(text, false, rules).refusals).toEqual([])
  })

  test('takes a list number only at the start of a line', () => {
    expect(isRefused('1. Route the calls.', true)).toBe(false)
    expect(isRefused('### 2. Route the calls', true)).toBe(false)
    expect(isRefused('417. Route the calls.', true)).toBe(true)
    expect(isRefused('12. Route the calls.', false)).toBe(true)
  })
})

const DRAFT = [
  'The cost is {{total-cost}} over {{calls}}, 16 November 2023, 18:15 to 19:14 UTC.',
  '',
  '## Where the money goes',
  '',
  '| Model | Cost |',
  '| --- | ---: |',
  '| gpt-4o | {{total-cost}} |',
  '',
  '1. Move calls to gpt-4o-mini. It reaches the 30% you asked for.',
  '2. Write `"ttl": "1h"` only where it pays.',
  '',
  '```json',
  '{ "max_tokens": 512 }',
  '```',
  '',
  'Nothing else is known.',
].join('\n')

/** Quantities that no exemption can take in, wherever they are put. */
const intruder = fc.oneof(
  fc.integer({ min: 32, max: 1800 }).map(String),
  fc.integer({ min: 1, max: 999_999 }).map((amount) => `$${amount.toLocaleString('en-US')}`),
  fc
    .tuple(fc.integer({ min: 31, max: 999 }), fc.constantFrom('%', ' %', ' percent', 'x', '×'))
    .map((pair) => pair.join('')),
  fc.integer({ min: 1, max: 99_999 }).map((value) => (value / 1000 + 40).toFixed(3)),
  fc.constantFrom('thirty percent', 'twice', 'half', 'two thirds', 'a dozen', 'forty-two', 'tenfold', '½', '３７'),
)

describe('the gate as a whole', () => {
  test('lets a covered draft through unchanged but for its figures', () => {
    const gated = gateWhole(DRAFT, rules)

    expect(gated.refusals).toEqual([])
    expect(gated.text).toContain('| gpt-4o | $96.77 |')
    expect(gated.figures).toHaveLength(3)
  })

  test('shows no numeral put anywhere into a draft', () => {
    const gaps = [...DRAFT.matchAll(/(?<=\S) (?=\S)/g)].map(({ index }) => index)
    // Inside code a number may be a parameter; that has its own tests.
    const places = gaps.filter(
      (index) => !/`[^`\n]*$/.test(DRAFT.slice(DRAFT.lastIndexOf('\n', index), index)) && !isInFence(index),
    )
    fc.assert(
      fc.property(fc.constantFrom(...places), intruder, (place, quantity) => {
        const gated = gateWhole(`${DRAFT.slice(0, place)} ${quantity}${DRAFT.slice(place)}`, rules)

        expect(gated.refusals.length).toBeGreaterThan(0)
        expect(leftOver(gated)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('shows no digit glued to anything in a draft', () => {
    const places = Array.from({ length: DRAFT.length }, (_, index) => index).filter((index) => !isExemptPlace(index))
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.integer({ min: 100, max: 999 }), (place, digits) => {
        const gated = gateWhole(`${DRAFT.slice(0, place)}${digits}${DRAFT.slice(place)}`, rules)

        expect(gated.text.includes(String(digits)) && gated.refusals.length === 0).toBe(false)
        expect(leftOver(gated)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('gives the same text however the stream is cut', () => {
    const whole = gateWhole(DRAFT, rules)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: DRAFT.length }), { maxLength: 20 }), (cuts) => {
        expect(gateInPieces(DRAFT, cuts)).toEqual({ text: whole.text, figures: whole.figures })
      }),
    )
  })

  test('withholds a sentence and keeps those around it', () => {
    const gated = gateWhole('It cost {{total-cost}}. That is 417 a day. The rest is known.', rules)

    expect(gated.text).toBe(`It cost $96.77. ${WITHHELD_NOTICE} The rest is known.`)
  })

  test('withholds one cell of a table and keeps its row', () => {
    const gated = gateWhole('| gpt-4o | {{total-cost}} | 417 |\n', rules)

    expect(gated.text).toBe('| gpt-4o | $96.77 | withheld |\n')
  })

  test('says once that neighbouring sentences are withheld', () => {
    expect(gateWhole('It is 417. It is 418. It is known.', rules).text).toBe(`${WITHHELD_NOTICE} It is known.`)
  })

  test('terminates and leaves nothing uncovered for any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('{{', '}}', '`', '\n', '|', '. ', '7', '# '))),
        (parts) => {
          expect(leftOver(gateWhole(parts.join(''), rules))).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })
})

function leftOver({ text, figures }: { text: string; figures: { offset: number; length: number; claimId: string }[] }) {
  let offset = 0
  return text.split(/(?<=\n)/).flatMap((line) => {
    const inside = figures.filter((span) => span.offset >= offset && span.offset < offset + line.length)
    const shifted = inside.map((span) => ({ ...span, offset: span.offset - offset }))
    offset += line.length
    const isCode = /^\s*(?:```|\{ "max_tokens)/.test(line)
    return isCode
      ? []
      : uncoveredNumerals(line, shifted, true, rules).filter(({ reason }) => reason === 'uncovered_numeral')
  })
}

function isInFence(index: number): boolean {
  return index > DRAFT.indexOf('```json') && index < DRAFT.lastIndexOf('```') + 3
}

/** Places where digits become part of a date, a time, a list number or a parameter, which are exempt by rule. */
function isExemptPlace(index: number): boolean {
  const line = DRAFT.slice(DRAFT.lastIndexOf('\n', index - 1) + 1, index)
  return isInFence(index) || (line.match(/`/g)?.length ?? 0) % 2 === 1
}

function gateInPieces(draft: string, cuts: readonly number[]) {
  const gate = new StreamingGate(rules)
  const marks = [0, ...[...cuts].sort((a, b) => a - b), draft.length]
  const pieces = marks.slice(1).flatMap((mark, index) => gate.push(draft.slice(marks[index], mark)))
  return joinPieces([...pieces, ...gate.end()])
}
