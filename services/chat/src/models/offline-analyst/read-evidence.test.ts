import { describe, expect, test } from 'vitest'
import { groupLabel, type ReadableEvidence } from './read-evidence.ts'

const byService = { params: { by: 'service' } } as unknown as ReadableEvidence

describe('the name of a group in a text', () => {
  test.each([
    ['checkout', 'checkout'],
    ['a|b', 'a/b'],
    ['2fa', '`service=2fa`'],
    ['[pay here](http://evil.test)', '`service=[pay here](http://evil.test)`'],
    ['paid **in full**', '`service=paid **in full**`'],
    ['a<b>', '`service=a<b>`'],
  ])('of %s is %s', (name, shown) => {
    expect(groupLabel(byService, name)).toBe(shown)
  })
})
