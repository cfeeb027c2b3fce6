import { describe, expect, test } from 'vitest'
import { correlationId, correlationIdFrom, runWithCorrelation } from './correlation.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'

describe('correlationIdFrom', () => {
  test('takes a valid request id, else the trace id', () => {
    const traceparent = `00-${trace}-b7ad6b7169203331-01`

    expect(correlationIdFrom(new Headers({ 'x-request-id': 'req-12345678', traceparent }))).toBe('req-12345678')
    expect(correlationIdFrom(new Headers({ 'x-request-id': 'no spaces or "quotes"', traceparent }))).toBe(trace)
  })

  test('makes an id when what it got is malformed', () => {
    const zero = `00-${'0'.repeat(32)}-b7ad6b7169203331-01`
    const made = correlationIdFrom(new Headers({ 'x-request-id': 'x'.repeat(200), traceparent: zero }))

    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })
})

test('the id follows asynchronous work and ends with it', async () => {
  const inside = runWithCorrelation('outer-id-1', async () => {
    await Promise.resolve()
    return correlationId()
  })

  expect(await inside).toBe('outer-id-1')
  expect(correlationId()).toBeUndefined()
})
