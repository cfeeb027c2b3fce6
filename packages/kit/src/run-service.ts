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
export async function runService({ service, stopped, log, ...address }: RunServiceOptions): Promise<void> {
  const resources = new AsyncDisposableStack()
  resources.use(service)
  try {
    await service.start()
    const listener = resources.use(
      await listen({
        ...address,
        fetch: (request) => service.fetch(request),
        upgrade: (request, socket, head) =>
          service.upgrade ? service.upgrade(request, socket, head) : socket.destroy(),
      }),
    )
    log.info({ host: listener.host, port: listener.port }, `${service.name} listens`)
    await stopped
    log.info(`${service.name} stops`)
  } finally {
    await resources.disposeAsync()
  }
}

/** Resolves on the first SIGINT or SIGTERM. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
}
