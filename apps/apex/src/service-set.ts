import { createAnalyticsService } from '@apex/analytics/service'
import { createAuthService } from '@apex/auth/service'
import { createChatService } from '@apex/chat/service'
import type { Log } from '@apex/kit/log'
import type { Metrics } from '@apex/kit/metrics'
import type { Service } from '@apex/kit/service'
import type { parseServices } from './config.ts'
import type { OwnerFile } from './data-folder.ts'
import type { ServiceName } from './endpoint-owner.ts'

/** The three services, made for one another and started; disposal ends them in the reverse order. */
export type ServiceSet = AsyncDisposable & {
  readonly services: Readonly<Record<ServiceName, Service>>
  /** Creates the first account and organisation when there is no account at all; null when there is one. */
  ensureOwner: (keep: (owner: OwnerFile) => Promise<void>) => Promise<OwnerFile | null>
}

/** Creates the services, hands each the others' `fetch` where a deployment hands it the network's, and starts them. */
export async function startServices(
  configs: ReturnType<typeof parseServices>,
  { log, metrics }: { log: Log; metrics: Metrics },
): Promise<ServiceSet> {
  const owned = new AsyncDisposableStack()
  const auth = owned.use(createAuthService(configs.auth, { log, metrics }))
  const shared = {
    authFetch: (request: Request) => auth.fetch(request),
    onSessionRevoked: auth.onSessionRevoked.bind(auth),
    log,
    metrics,
  }
  // Each of the two reaches the other, so one is named before it is there; nobody calls before the start.
  const chatFetch = (request: Request): Promise<Response> => chat.fetch(request)
  const analytics = owned.use(createAnalyticsService(configs.analytics, { ...shared, chatFetch }))
  const analyticsFetch = (request: Request): Promise<Response> => analytics.fetch(request)
  const chat: Service = owned.use(createChatService(configs.chat, { ...shared, analyticsFetch }))
  try {
    await Promise.all([auth.start(), analytics.start()])
    // Last, because it goes on with the runs an earlier process left, and those ask analytics at once.
    await chat.start()
  } catch (error) {
    await owned.disposeAsync()
    throw error
  }
  return {
    services: { auth, chat, analytics },
    ensureOwner: (keep) => auth.ensureOwner({ keep }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
