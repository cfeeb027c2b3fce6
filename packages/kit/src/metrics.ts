import { Counter, collectDefaultMetrics, Registry } from 'prom-client'

export type Metrics = Registry

/** An empty registry; services that share one process may share it. */
export function createMetrics(): Metrics {
  return new Registry()
}

/** Adds memory, CPU, event-loop and GC figures of this process: once per process, not once per service. */
export function collectProcessMetrics(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics })
}

/** A counter of the registry, made on first use. Labels hold few different values: never ids, addresses or names. */
export function createCounter<const L extends string>(
  metrics: Metrics,
  { name, help, labelNames }: { name: string; help: string; labelNames: L[] },
): Counter<L> {
  const existing = metrics.getSingleMetric(name)
  if (existing instanceof Counter) return existing
  return new Counter({ name, help, labelNames, registers: [metrics] })
}
