import { Histogram } from 'prom-client'
import type { Metrics } from '../metrics.ts'

type Labels = 'service' | 'method' | 'route' | 'status'

/** The request histogram of the registry, made on first use so that services may share a registry. */
export function requestHistogram(metrics: Metrics): Histogram<Labels> {
  const name = 'http_request_duration_seconds'
  const existing = metrics.getSingleMetric(name)
  if (existing instanceof Histogram) return existing
  return new Histogram({
    name,
    help: 'Time from the arrival of a request to its answer',
    labelNames: ['service', 'method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [metrics],
  })
}
