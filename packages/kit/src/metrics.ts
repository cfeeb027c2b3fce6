import { collectDefaultMetrics, Registry } from 'prom-client'

export type Metrics = Registry

/** An empty registry; services that share one process may share it. */
export function createMetrics(): Metrics {
  return new Registry()
}

/** Adds memory, CPU, event-loop and GC figures of this process: once per process, not once per service. */
export function collectProcessMetrics(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics })
}
