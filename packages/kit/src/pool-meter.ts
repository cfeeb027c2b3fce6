import type { Sql } from 'postgres'
import { Gauge } from 'prom-client'
import type { Metrics } from './metrics.ts'

/** How busy a pool is: statements and transactions under way, and how many of them exceed its connections. */
export type PoolStats = { max: number; inFlight: number; waiting: number; peakInFlight: number }

/** The same `sql`, counted. The driver tells nothing of its pool, so work is counted from first await to result. */
export function createPoolMeter(sql: Sql, max: number): { sql: Sql; stats: () => PoolStats } {
  let inFlight = 0
  let peakInFlight = 0

  function start(): () => void {
    inFlight += 1
    peakInFlight = Math.max(peakInFlight, inFlight)
    return () => {
      inFlight -= 1
    }
  }

  function meterQuery(query: unknown): void {
    // Fragments are queries that nobody awaits; only the first `then` starts the statement.
    if (!(query instanceof Promise)) return
    const then = query.then.bind(query)
    // oxlint-disable-next-line unicorn/no-thenable -- the driver's query is lazy and starts in `then`
    query.then = function meteredThen(...handlers) {
      // oxlint-disable-next-line unicorn/no-thenable -- later calls need no counting
      query.then = then
      const done = start()
      void then(done, done)
      return then(...handlers) as never
    }
  }

  async function meterWork(work: Promise<unknown>): Promise<unknown> {
    const done = start()
    try {
      return await work
    } finally {
      done()
    }
  }

  const metered = new Proxy(sql, {
    apply(target, self, args) {
      const result: unknown = Reflect.apply(target as never, self, args)
      meterQuery(result)
      return result
    },
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver)
      if (key === 'unsafe' || key === 'file') {
        return (...args: unknown[]) => {
          const query: unknown = Reflect.apply(value as never, target, args)
          meterQuery(query)
          return query
        }
      }
      if (key !== 'begin') return value
      return (...args: unknown[]) => meterWork(Reflect.apply(value as () => Promise<unknown>, target, args))
    },
  })
  return {
    sql: metered,
    stats: () => ({ max, inFlight, waiting: Math.max(0, inFlight - max), peakInFlight }),
  }
}

/** Publishes pool figures as gauges labelled with the service; they are read when the registry is scraped. */
export function registerPoolGauges(metrics: Metrics, service: string, stats: () => PoolStats): void {
  for (const key of ['max', 'inFlight', 'waiting'] as const) {
    const name = `postgres_pool_${key === 'inFlight' ? 'in_flight' : key}`
    const existing = metrics.getSingleMetric(name) as PoolGauge | undefined
    const gauge = existing ?? createPoolGauge(metrics, name)
    gauge.sources.set(service, () => stats()[key])
  }
}

type PoolGauge = Gauge<'service'> & { sources: Map<string, () => number> }

function createPoolGauge(metrics: Metrics, name: string): PoolGauge {
  const sources = new Map<string, () => number>()
  const gauge = new Gauge({
    name,
    help: 'Statements and transactions of a PostgreSQL pool, and its size',
    labelNames: ['service'],
    registers: [metrics],
    collect() {
      for (const [service, read] of sources) this.set({ service }, read())
    },
  })
  return Object.assign(gauge, { sources })
}
