import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settle } from './testing/manual-timers.ts'
import { stageSession } from './testing/session-stage.ts'

describe('Session under faults', () => {
  test('shows every event once and in order, whatever happens to its connections', async () => {
    const fault = fc.oneof(
      { arbitrary: fc.record({ do: fc.constant('write' as const), count: fc.integer({ min: 1, max: 9 }) }), weight: 4 },
      fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 300, 5_000, 40_000) }),
      fc.record({
        do: fc.constantFrom('cut', 'crash', 'recover', 'ping', 'wake', 'offline', 'online', 'retry', 'goaway'),
      }),
      fc.record({ do: fc.constant('lose' as const), kind: fc.constantFrom('ev', 'live', 'subscribed', 'ping') }),
      fc.record({ do: fc.constant('close' as const), code: fc.constantFrom(4100, 4101, 4200, 4202, 4205, 4300, 1011) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 30 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (faults, chance) => {
          const set = stageSession({ random: () => chance.next().value ?? 0.5 })
          const { server, session, timers, log, seen } = set
          set.follow()
          session.start()
          for (const step of faults) {
            if (step.do === 'write') set.write(step.count)
            if (step.do === 'advance') await timers.advance(step.ms)
            if (step.do === 'cut') server.open[0]?.cut(1006)
            if (step.do === 'close') server.open[0]?.cut(step.code)
            if (step.do === 'crash') server.crash()
            if (step.do === 'recover') server.up = true
            if (step.do === 'ping') server.ping()
            if (step.do === 'wake') session.wake()
            if (step.do === 'offline' || step.do === 'online') session.setOnline(step.do === 'online')
            if (step.do === 'retry') session.reconnectNow()
            if (step.do === 'goaway')
              server.open[0]?.say({ kind: 'goaway', delayMs: 10, windowMs: 500, reason: 'deploy' })
            if (step.do === 'lose') server.lose.push(step.kind)
            expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, at) => at + 1))
          }
          // The faults stop: within one heartbeat and one back-off everything is live and complete again.
          server.up = true
          server.lose.length = 0
          session.setOnline(true)
          await timers.advance(36_000)
          await timers.advance(31_000)
          server.ping()
          await settle()

          expect(session.status()).toEqual({ status: 'live' })
          expect(seen).toEqual(log.events)
          expect(server.open.length).toBe(1)
        },
      ),
      { numRuns: 300 },
    )
  })
})
