import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseJson, normaliseText } from './text.ts'

const anyCodeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units))

describe('normaliseText', () => {
  test('leaves only well-formed text without control characters, whatever the code units', () => {
    fc.assert(
      fc.property(anyCodeUnits, (text) => {
        const stored = normaliseText(text)

        expect(stored.isWellFormed()).toBe(true)
        expect(stored).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F]/)
      }),
    )
  })

  test('changes nothing the second time', () => {
    fc.assert(fc.property(anyCodeUnits, (text) => normaliseText(normaliseText(text)) === normaliseText(text)))
  })

  test('keeps ordinary text, emoji and line feeds as they are', () => {
    expect(normaliseText('Größe 📈\n\tfine')).toBe('Größe 📈\n\tfine')
  })

  test('turns what Postgres refuses into U+FFFD and CR LF into LF', () => {
    expect(normaliseText('a\u0000b\uD800c\r\nd')).toBe('a\uFFFDb\uFFFDc\nd')
  })
})

test('normaliseJson reaches keys and nested strings, and nulls what JSON cannot hold', () => {
  expect(normaliseJson({ 'k\u0000': ['\uDC00', Number.NaN, undefined, { a: 1n }] })).toEqual({
    'k\uFFFD': ['\uFFFD', null, null, { a: '1' }],
  })
})
