import { listen } from './listen.ts'
import type { Log } from './log.ts'
import type { Service } from './service.ts'

export type RunServiceOptions = {
  service: Service
  host: string
  port: number
  trustedProxies?: number
  log: Log
  /** Resolves when the process should stop. */
  stopped: Promise<unknown>
}

/** Starts one service on a port of its own and keeps it until told to stop, then ends it in order. */
export async function runService({
  service,
  host,
  port,
  trustedProxies,
  log,
  stopped,
}: RunServiceOptions): Promise<void> {
  await using stack = new AsyncDisposableStack()
  stack.use(service)
  await service.start()
  const listener = await listen({
    fetch: (request) => service.fetch(request),
    upgrade: (request, socket, head) => (service.upgrade ? service.upgrade(request, socket, head) : socket.destroy()),
    host,
    port,
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  })
  stack.use(listener)
  log.info({ host, port: listener.port }, `${service.name} listens`)
  await stopped
  log.info(`${service.name} stops`)
}

/** Resolves on the first SIGINT or SIGTERM. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
}
