import { OriginRefusedError } from '../errors.ts'

/**
 * Lets a browser's request pass only from a page of ours: its `Origin` is one of the public origins, or, where it sends
 * none, `Sec-Fetch-Site` says same-origin. Used wherever a cookie is read or set by something that changes state.
 */
export function requireOwnOrigin(headers: Headers, publicOrigins: readonly string[]): void {
  const origin = headers.get('origin')
  const accepted = origin === null ? headers.get('sec-fetch-site') === 'same-origin' : publicOrigins.includes(origin)
  if (!accepted) throw new OriginRefusedError()
}

/** Refuses a page: session tokens are for programs, a browser keeps its session in a cookie no script can read. */
export function requireNoBrowser(headers: Headers): void {
  if (headers.has('origin') || headers.has('sec-fetch-site')) throw new OriginRefusedError()
}
