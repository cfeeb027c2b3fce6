import { createHttpClient } from '@apex/client/http-client'
import { AskQuestion } from '@apex/protocol/endpoints/analytics/ask-question'
import { PublishClaims } from '@apex/protocol/endpoints/analytics/publish-claims'
import type { AnalyticsPort } from './analytics-port.ts'

const ASK_TIMEOUT_MS = 35_000
const ATTEMPTS = 3

/** Analytics through its HTTP endpoints; `authorize` gives the run's current delegation token. */
export function createAnalyticsOverHttp(options: {
  baseUrl: string
  fetch: (request: Request) => Promise<Response>
  authorize: () => Promise<string>
}): AnalyticsPort {
  const client = createHttpClient({
    baseUrl: options.baseUrl,
    fetch: options.fetch,
    authorize: async () => ({ authorization: `Bearer ${await options.authorize()}` }),
  })
  return {
    ask: (question, signal) =>
      client.call(AskQuestion, {
        body: question,
        attempts: ATTEMPTS,
        timeoutMs: ASK_TIMEOUT_MS,
        ...(signal && { signal }),
      }),
    async publishClaims(runId, claims, signal) {
      await client.call(PublishClaims, {
        params: { runId },
        body: { claims: [...claims] },
        attempts: ATTEMPTS,
        ...(signal && { signal }),
      })
    },
  }
}
