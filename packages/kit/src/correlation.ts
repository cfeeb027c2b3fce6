import { AsyncLocalStorage } from 'node:async_hooks'
import { newId } from './id.ts'

const storage = new AsyncLocalStorage<string>()

const requestIdPattern = /^[A-Za-z0-9][A-Za-z0-9_.:-]{7,127}$/
const traceparentPattern = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/

/** Runs `work` so that every log line and outgoing request made inside carries `id`. */
export function runWithCorrelation<T>(id: string, work: () => T): T {
  return storage.run(id, work)
}

/** The id of the request or task now running, if there is one. */
export function correlationId(): string | undefined {
  return storage.getStore()
}

/** A caller's `x-request-id`, else the trace id of its `traceparent`, else a new id. Malformed values are ignored. */
export function correlationIdFrom(headers: Headers): string {
  const requestId = headers.get('x-request-id')
  if (requestId && requestIdPattern.test(requestId)) return requestId
  const traceId = traceparentPattern.exec(headers.get('traceparent') ?? '')?.[1]
  if (traceId && !/^0+$/.test(traceId)) return traceId
  return newId()
}
