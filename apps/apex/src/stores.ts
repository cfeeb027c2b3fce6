import { startEmbeddedClickHouse } from '@apex/kit/embedded/clickhouse'
import type { OwnedStore } from '@apex/kit/embedded/own-store'
import { startEmbeddedPostgres } from '@apex/kit/embedded/postgres'
import type { Log } from '@apex/kit/log'
import type { ApexConfig } from './config.ts'
import type { DataFolder } from './data-folder.ts'
import type { Health } from './health.ts'
import type { Progress } from './progress.ts'

export type StoreUrls = { databaseUrl: string; clickhouseUrl: string }

export type StoresOptions = {
  config: ApexConfig['stores']
  data: DataFolder
  health: Health
  progress: Progress
  log: Log
}

/** Starts the embedded stores that no address was given for, both at once; disposal ends them. */
export async function openStores(options: StoresOptions): Promise<StoreUrls & AsyncDisposable> {
  const { config, data, log } = options
  const owned = new AsyncDisposableStack()
  const outcomes = await Promise.allSettled([
    openStore(options, owned, 'postgres', config.postgresUrl, () =>
      startEmbeddedPostgres({ dataDirectory: data.join('postgres'), log }),
    ),
    openStore(options, owned, 'clickhouse', config.clickhouseUrl, () =>
      startEmbeddedClickHouse({ dataDirectory: data.join('clickhouse'), log }),
    ),
  ])
  const failed = outcomes.find((each) => each.status === 'rejected')
  if (failed) {
    await owned.disposeAsync()
    throw failed.reason
  }
  const [databaseUrl, clickhouseUrl] = outcomes.map((each) => (each as PromiseFulfilledResult<string>).value)
  return {
    databaseUrl: databaseUrl as string,
    clickhouseUrl: clickhouseUrl as string,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function openStore(
  { health, progress }: StoresOptions,
  owned: AsyncDisposableStack,
  name: 'postgres' | 'clickhouse',
  givenUrl: string | undefined,
  start: () => Promise<OwnedStore>,
): Promise<string> {
  if (givenUrl) {
    health.add(name, async () => 'external')
    return givenUrl
  }
  progress.starting(name)
  const store = owned.use(await start())
  health.add(name, async () => store.state)
  return store.url
}
