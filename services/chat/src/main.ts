import { ConfigError, parseTogether, renderConfigProblems } from '@apex/kit/config'
import { createLog } from '@apex/kit/log'
import { collectProcessMetrics, createMetrics } from '@apex/kit/metrics'
import { runService, stopSignal } from '@apex/kit/run-service'
import { parseChatConfig, parseChatServerConfig } from './config.ts'
import { createChatService } from './service.ts'

const log = createLog({ service: 'chat' })
try {
  const { settings, server } = parseTogether({
    settings: () => parseChatConfig(process.env),
    server: () => parseChatServerConfig(process.env),
  })
  const metrics = createMetrics()
  collectProcessMetrics(metrics)
  const network = (request: Request) => fetch(request)
  const deps = { authFetch: network, analyticsFetch: network, log, metrics }
  const service = createChatService({ ...settings, ...server }, deps)
  await runService({ service, ...server, log, stopped: stopSignal() })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${renderConfigProblems(error)}\n`)
  process.exitCode = 3
}
