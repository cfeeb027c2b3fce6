import { ConfigError, parseTogether, renderConfigProblems } from '@apex/kit/config'
import { createLog } from '@apex/kit/log'
import { collectProcessMetrics, createMetrics } from '@apex/kit/metrics'
import { runService, stopSignal } from '@apex/kit/run-service'
import { parseAuthConfig, parseAuthListen } from './config.ts'
import { createAuthService } from './service.ts'

const log = createLog({ service: 'auth' })
try {
  const { config, address } = parseTogether({
    config: () => parseAuthConfig(process.env),
    address: () => parseAuthListen(process.env),
  })
  const metrics = createMetrics()
  collectProcessMetrics(metrics)
  await runService({ service: createAuthService(config, { log, metrics }), ...address, log, stopped: stopSignal() })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${renderConfigProblems(error)}\n`)
  process.exitCode = 3
}
