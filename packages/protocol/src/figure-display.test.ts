import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { displayFigure, roundDecimal } from './figure-display.ts'

describe('displayFigure', () => {
  test.each([
    ['1234.565', 'USD', 2, '$1,234.57'],
    ['0.002149', 'USD/call', 4, '$0.0021 per call'],
    ['0.3044', 'ratio', 1, '30.4 %'],
    ['0.05', 'ratio', 0, '5 %'],
    ['19366', 'calls', 0, '19,366 calls'],
    ['1', 'calls', 0, '1 call'],
    ['0.6', 'days', 0, '1 day'],
    ['-12.5', 'USD', 2, '−$12.50'],
    ['-0.001', 'USD', 2, '$0.00'],
    ['1.3129', 'multiple', 3, '1.313×'],
    ['999.995', 'USD', 2, '$1,000.00'],
  ] as const)('shows %s %s to %i places as %s', (value, unit, places, shown) => {
    expect(displayFigure(value, unit, { places })).toBe(shown)
  })

  test('rounds half away from zero and never by floats', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(6), (digits, places) => {
        const sign = digits < 0n ? '-' : ''
        const text = (digits < 0n ? -digits : digits).toString().padStart(9, '0')
        const exact = `${sign}${text.slice(0, -8)}.${text.slice(-8)}`

        const rounded = roundDecimal(exact, places)

        const scaled = BigInt(rounded.replace('.', '')) * 10n ** BigInt(8 - places)
        const error = scaled - digits
        expect((error < 0n ? -error : error) * 2n).toBeLessThanOrEqual(10n ** BigInt(8 - places))
      }),
    )
  })
})
