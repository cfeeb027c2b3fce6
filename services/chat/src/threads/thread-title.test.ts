import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { automaticTitle } from './thread-title.ts'

describe('automaticTitle', () => {
  test.each([
    ['Where does the money go?', 'Where does the money go?'],
    ['\n\n## Costs\nof June', 'Costs'],
    ['   > - quoted\twords', 'quoted words'],
    ['---\n***', 'New conversation'],
    ['word '.repeat(20), 'word word word word word word word word word word word…'],
  ])('of %j is %j', (text, title) => {
    expect(automaticTitle(text)).toBe(title)
  })

  test('is never empty, never long and always well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const title = automaticTitle(text)
        expect(title.length).toBeGreaterThan(0)
        expect(title.length).toBeLessThanOrEqual(60)
        expect(title.isWellFormed()).toBe(true)
      }),
    )
  })
})
