/** Set by the listener on every request and removed from what a caller sent, so a service may believe it. */
export const CLIENT_ADDRESS_HEADER = 'x-apex-client-address'

/** The network address of the caller as the listener saw it; undefined for calls inside the process. */
export function clientAddressOf(headers: Headers): string | undefined {
  return headers.get(CLIENT_ADDRESS_HEADER) ?? undefined
}

/**
 * The caller's address given the socket's peer, the `x-forwarded-for` header and how many proxies of ours stand in
 * front: each proxy appends the address it saw, so the entry that many places from the end is the first believable one.
 */
export function resolveClientAddress(peer: string, forwardedFor: string | undefined, trustedProxies: number): string {
  if (trustedProxies <= 0 || !forwardedFor) return plainAddress(peer)
  const hops = forwardedFor.split(',').map((each) => each.trim())
  return plainAddress(hops.at(-trustedProxies) || peer)
}

function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
