import { describe, expect, test } from 'vitest'
import { formatClock, formatDuration, formatWait } from './duration.ts'
import { formatMoney, splitCents } from './money.ts'
import { formatBytes, formatShare } from './number.ts'

describe('money', () => {
  test('has cents from one dollar up and four places below', () => {
    expect(formatMoney('48124.4', 'en-US')).toBe('$48,124.40')
    expect(formatMoney('0.0021', 'en-US')).toBe('$0.0021')
    expect(formatMoney('0', 'en-US')).toBe('$0.00')
  })

  test('that is not zero never reads as zero', () => {
    expect(formatMoney('0.00000004', 'en-US')).toBe('<$0.0001')
  })

  test('is exact beyond what a float can hold', () => {
    expect(formatMoney('90071992547409931.25', 'en-US')).toBe('$90,071,992,547,409,931.25')
  })

  test("follows the reader's locale", () => {
    expect(formatMoney('1234.5', 'de-DE')).toBe('1.234,50\u00a0$')
  })

  test('in large print has its cents apart', () => {
    expect(splitCents('$18,412.35')).toEqual(['$18,412', '.35'])
    expect(splitCents('30.4 %')).toEqual(['30.4 %', ''])
    expect(splitCents('$14,623.18 per month')).toEqual(['$14,623.18 per month', ''])
  })
})

test('a share that is not zero never reads as zero', () => {
  expect(formatShare(1, 1_000_000, 'en-US')).toBe('<0.1%')
  expect(formatShare(0, 0, 'en-US')).toBe('0%')
})

test('times read as people say them', () => {
  expect([41, 2_640, 65_000].map(formatDuration)).toEqual(['41 ms', '2.6 s', '1:05 min'])
  expect(formatClock(14_640)).toBe('00:14.6')
  expect([1, 40, 95].map(formatWait)).toEqual(['1 second', '40 seconds', '2 minutes'])
})

test('sizes carry their unit', () => {
  expect([0, 512, 3_400_000].map((bytes) => formatBytes(bytes, 'en-US'))).toEqual(['0 B', '512 B', '3.4 MB'])
})
