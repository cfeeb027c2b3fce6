import { createLog } from '@apex/kit/log'
import { collectProcessMetrics, createMetrics } from '@apex/kit/metrics'
import { parseTogether } from '@apex/kit/config'
import { runService, stopSignal } from '@apex/kit/run-service'
import { parseChatConfig, parseChatServerConfig } from './config.ts'
import { createChatService } from './service.ts'

const { settings, server } = parseTogether({
  settings: () => parseChatConfig(process.env),
  server: () => parseChatServerConfig(process.env),
})
const log = createLog({ service: 'chat', level: server.logLevel })
const metrics = createMetrics()
collectProcessMetrics(metrics)
const service = createChatService({ ...settings, ...server }, { authFetch: fetch, analyticsFetch: fetch, log, metrics })
await runService({ service, ...server, log, stopped: stopSignal() })
