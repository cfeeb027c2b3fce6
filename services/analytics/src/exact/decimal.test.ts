import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideHalfEven, formatDecimal, parseDecimal, quotientText } from './decimal.ts'

describe('decimal', () => {
  test('reads plain and exponent notation exactly', () => {
    expect(parseDecimal('0.003625', 6)).toBe(3625n)
    expect(parseDecimal('5e-7', 9)).toBe(500n)
    expect(parseDecimal('1.5e3', 0)).toBe(1500n)
    expect(parseDecimal('-2', 2)).toBe(-200n)
  })

  test('refuses what the scale cannot hold', () => {
    expect(parseDecimal('0.0001', 3)).toBeUndefined()
    expect(parseDecimal('NaN', 3)).toBeUndefined()
  })

  test('formats what it reads', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(20), (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value)
      }),
    )
  })

  test('rounds a half to the even neighbour', () => {
    expect([5n, 15n, 25n, -5n, -15n, 14n, 16n].map((value) => divideHalfEven(value, 10n))).toEqual([
      0n,
      2n,
      2n,
      0n,
      -2n,
      1n,
      2n,
    ])
  })

  test('divides to text, and not by zero', () => {
    expect(quotientText(1n, 3n, 4)).toBe('0.3333')
    expect(quotientText(-2n, 3n, 4)).toBe('-0.6667')
    expect(quotientText(1n, 0n)).toBeUndefined()
  })
})
