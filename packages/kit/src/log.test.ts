import { describe, expect, test } from 'vitest'
import { runWithCorrelation } from './correlation.ts'
import { captureLog } from './testing/capture-log.ts'

const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'

describe('createLog', () => {
  test('writes the correlation id of the running request', () => {
    const { log, lines } = captureLog()
    runWithCorrelation('request-1', () => log.info('inside'))
    log.info('outside')

    expect(lines.map((line) => line['correlationId'])).toEqual(['request-1', undefined])
  })

  test('hides credentials at any depth and keeps token counts', () => {
    const { log, lines } = captureLog()
    log.info(
      {
        password: 'hunter2',
        headers: { authorization: 'Bearer abcdefgh12345', list: [{ accessToken: jwt }] },
        inputTokens: 12,
        tokens: '7',
      },
      'signed in',
    )

    const text = JSON.stringify(lines)
    expect(text).not.toMatch(/hunter2|abcdefgh|eyJ/)
    expect(lines[0]).toMatchObject({ inputTokens: 12, tokens: '7' })
  })

  test('hides credentials in free text, errors, causes and child fields', () => {
    const { log, lines } = captureLog()
    const cause = new Error('connect postgres://apex:s3cret-pw@db:5432/apex')
    log.child({ sessionToken: 'abc' }).error({ error: new Error(`bad ${jwt}`, { cause }) }, `Bearer ${'x'.repeat(20)}`)

    const text = JSON.stringify(lines)
    expect(text).not.toMatch(/s3cret-pw|eyJ|"abc"/)
    expect(text).toContain('postgres://apex:[redacted]@db')
  })
})
