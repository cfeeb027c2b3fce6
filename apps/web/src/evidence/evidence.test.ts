import { describe, expect, test } from 'vitest'
import { describeRange, queryLines } from './query-lines.ts'
import { cellText, rowColumns, rowsToCsv } from './row-columns.ts'

describe('a query', () => {
  test('reads as what is asked, where, by what', () => {
    const params = { scope: { filter: { service: ['support', ''] } }, by: 'model', limit: 10, keepModels: true }
    expect(queryLines('batch_eligibility', params)).toEqual([
      { key: 'ask', value: 'batch eligibility' },
      { key: 'where', value: 'service = support, not given' },
      { key: 'by', value: 'model' },
      { key: 'limit', value: '10' },
      { key: 'keep models', value: 'true' },
    ])
  })

  test('names its range in UTC, the day alone at midnight', () => {
    const scope = { from: '2026-06-01T00:00:00Z', to: '2026-06-30T09:41:07.5Z' }
    expect(describeRange({ scope })).toBe('2026-06-01 to 2026-06-30 09:41:07.500 UTC')
    expect(describeRange({})).toBe('all time')
  })
})

describe('the rows of a figure', () => {
  const rows = [
    { cost_usd: '18412.3541', calls: 612806, model: 'claude' },
    { cost_usd: '9318.2', calls: 4, model: '' },
    { cost_usd: null, calls: 1, model: 'unknown' },
  ]
  const columns = rowColumns(rows)

  test('have names first and numbers with equal places', () => {
    expect(columns.map(({ key, numeric, places }) => [key, numeric, places])).toEqual([
      ['model', false, 0],
      ['cost_usd', true, 4],
      ['calls', true, 0],
    ])
    const texts = rows.map((row) => columns.map((column) => cellText(row[column.key as 'calls'], column)))
    expect(texts).toEqual([
      ['claude', '$18,412.3541', '612,806'],
      ['not given', '$9,318.2000', '4'],
      ['unknown', '–', '1'],
    ])
  })

  test('show at most six places, but never round what is smaller away', () => {
    const shown = (values: string[]) => {
      const tall = values.map((rate) => ({ rate }))
      const [column] = rowColumns(tall)
      return tall.map(({ rate }) => column && cellText(rate, column))
    }
    expect(shown(['0.545572660463', '12.5'])).toEqual(['$0.545573', '$12.500000'])
    expect(shown(['0.0000000025'])).toEqual(['$0.0000000025'])
  })

  test('go into a spreadsheet as they are, and never as a formula', () => {
    expect(
      rowsToCsv([
        { name: '=1+1', cost: '-2.5' },
        { name: 'a "b", c', cost: '1' },
      ]),
    ).toBe('name,cost\r\n\'=1+1,-2.5\r\n"a ""b"", c",1')
  })
})
