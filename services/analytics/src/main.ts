import { ConfigError, parseTogether, renderConfigProblems } from '@apex/kit/config'
import { createLog } from '@apex/kit/log'
import { collectProcessMetrics, createMetrics } from '@apex/kit/metrics'
import { runService, stopSignal } from '@apex/kit/run-service'
import { parseAnalyticsConfig, parseAnalyticsServer } from './config.ts'
import { createAnalyticsService } from './service.ts'

const log = createLog({ service: 'analytics' })
try {
  const { settings, server } = parseTogether({
    settings: () => parseAnalyticsConfig(process.env),
    server: () => parseAnalyticsServer(process.env),
  })
  const metrics = createMetrics()
  collectProcessMetrics(metrics)
  const network = (request: Request) => fetch(request)
  const deps = { authFetch: network, chatFetch: network, log, metrics }
  const service = createAnalyticsService({ ...settings, ...server }, deps)
  await runService({ service, ...server, log, stopped: stopSignal() })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${renderConfigProblems(error)}\n`)
  process.exitCode = 3
}
