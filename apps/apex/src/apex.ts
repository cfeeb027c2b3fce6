import { systemClock } from '@apex/kit/clock'
import type { Env } from '@apex/kit/config'
import { type Listener, listen } from '@apex/kit/listen'
import type { Log } from '@apex/kit/log'
import { collectProcessMetrics, createMetrics } from '@apex/kit/metrics'
import { ENDPOINTS } from '@apex/protocol/endpoints'
import type { CommandLine } from './command-line.ts'
import { type ApexConfig, checkConfig, parseServices } from './config.ts'
import { DataFolder } from './data-folder.ts'
import { createEndpointOwner } from './endpoint-owner.ts'
import { Front } from './front.ts'
import { createGateway } from './gateway.ts'
import { Health } from './health.ts'
import { openLogFile } from './log-file.ts'
import { createOpenApi } from './openapi.ts'
import { openPages } from './pages.ts'
import type { Progress } from './progress.ts'
import { serverAddress } from './server-address.ts'
import { startServices } from './service-set.ts'
import { EnvironmentError } from './start-error.ts'
import { openStores } from './stores.ts'
import { readVersion } from './version.ts'

export type ApexOptions = {
  commandLine: CommandLine
  env: Env
  /** The checkout. */
  root: string
  progress: Progress
}

/** The whole product in one process, on one port. Disposal ends everything that was started, in order. */
export type Apex = AsyncDisposable & { readonly url: string; readonly log: Log }

/**
 * Starts stores, services and pages, and resolves once requests are served. Checks the configuration before anything
 * else, then takes the data folder and the port, so that a start that cannot succeed fails at once and leaves nothing.
 */
export async function startApex(options: ApexOptions): Promise<Apex> {
  const config = checkConfig(options.env, options.commandLine)
  const owned = new AsyncDisposableStack()
  try {
    return await assemble(options, config, owned)
  } catch (error) {
    await owned.disposeAsync()
    throw error
  }
}

async function assemble(options: ApexOptions, config: ApexConfig, owned: AsyncDisposableStack): Promise<Apex> {
  const { commandLine, root, progress } = options
  progress.starting('data')
  const data = owned.use(await DataFolder.open(commandLine.dataDirectory))
  const { log } = owned.use(openLogFile(data.join('logs', 'apex.log'), config.logLevel))
  owned.defer(keepWarnings(log))
  const version = await readVersion(root)
  const health = new Health({ version, clock: systemClock })
  const metrics = createMetrics()
  collectProcessMetrics(metrics)
  progress.starting('listener')
  const front = new Front({ health, metrics })
  const listener = owned.use(await openPort(commandLine, config.trustedProxies, front))
  const address = serverAddress({ host: commandLine.host, port: listener.port }, config.publicUrl)

  // Never rejects; a build takes its time beside everything else.
  const stopping = new AbortController()
  owned.defer(() => stopping.abort())
  const pagesOpening = openPages({ root, ownFolder: data.join('web'), progress, log, signal: stopping.signal })
  const stores = owned.use(await openStores({ config: config.stores, data, health, progress, log }))
  progress.starting('services')
  const given = { ...stores, origins: address.origins, secret: config.secret ?? (await data.secret('services')) }
  const { services, ensureOwner } = owned.use(await startServices(parseServices(options.env, given), { log, metrics }))
  for (const [name, service] of Object.entries(services)) health.add(name, () => service.ready().then(() => 'ready'))
  const owner = (await ensureOwner((created) => data.writeOwner(created))) ?? (await data.readOwner())

  const gateway = createGateway({
    services,
    ownerOf: createEndpointOwner(ENDPOINTS),
    pages: await pagesOpening,
    openApi: createOpenApi(ENDPOINTS, version),
    https: address.https,
    log,
  })
  front.open(address, gateway)
  owned.defer(() => front.close())
  health.enter('running')
  owned.defer(() => health.enter('stopping'))
  await data.writeServer({ url: address.url, pid: process.pid, startedAt: new Date().toISOString() })
  log.info({ url: address.url, version }, 'apex is ready')
  progress.ready({
    url: address.url,
    data: data.path,
    ...(owner ? { email: owner.email, passwordFile: data.join('owner.json') } : {}),
  })
  return { url: address.url, log, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function keepWarnings(log: Log): () => void {
  const keep = (warning: Error): void => log.warn({ error: warning }, 'warning of the runtime')
  process.on('warning', keep)
  return () => void process.off('warning', keep)
}

async function openPort({ host, port }: CommandLine, trustedProxies: number, front: Front): Promise<Listener> {
  try {
    return await listen({ host, port, trustedProxies, fetch: front.fetch, upgrade: front.upgrade })
  } catch (cause) {
    throw unusablePort(host, port, cause as NodeJS.ErrnoException)
  }
}

function unusablePort(host: string, port: number, cause: NodeJS.ErrnoException): EnvironmentError {
  const what =
    cause.code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is taken by another program`
      : `Port ${port} on ${host} cannot be opened (${cause.message})`
  return new EnvironmentError(
    'port_unusable',
    `${what}, so Netra cannot listen there. Stop that program, or choose another port with --port (0 picks a free one).`,
    { cause },
  )
}
