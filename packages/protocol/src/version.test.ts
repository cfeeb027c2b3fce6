import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { CLOSE_CODES } from './close-code.ts'
import { ENDPOINTS } from './endpoints.ts'
import { ERROR_STATUS } from './error.ts'
import { ClientFrame, ServerFrame } from './frame.ts'
import { LIMITS } from './limits.ts'
import { ThreadEvent } from './thread-event.ts'
import { PROTOCOL_REVISION, PROTOCOL_VERSION } from './version.ts'

/** The wire as it was at each revision. A change of the wire needs a new revision and its hash here. */
const HASHES: Record<number, string> = {
  1: 'ee0a29f75a38fa54',
}

function shape(schema: z.ZodType | undefined): unknown {
  return schema && z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

test('the wire changes only with its revision', () => {
  const wire = JSON.stringify({
    version: PROTOCOL_VERSION,
    frames: [shape(ClientFrame), shape(ServerFrame)],
    events: shape(ThreadEvent),
    endpoints: ENDPOINTS.map(({ params, query, body, response, summary: _words, ...rest }) => ({
      ...rest,
      schemas: [params, query, body, response].map(shape),
    })),
    errors: ERROR_STATUS,
    closeCodes: CLOSE_CODES,
    limits: LIMITS,
  })

  expect(createHash('sha256').update(wire).digest('hex').slice(0, 16)).toBe(HASHES[PROTOCOL_REVISION])
})
