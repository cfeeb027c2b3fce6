import { isIPv6 } from 'node:net'

/** The network of an address: /24 for IPv4, /48 for IPv6. What is not an address is kept short. */
export function ipPrefix(address: string): string {
  if (isIPv6(address)) return `${expand(address).slice(0, 3).join(':')}::/48`
  const parts = address.split('.')
  return parts.length === 4 ? `${parts.slice(0, 3).join('.')}.0/24` : address.slice(0, 64)
}

function expand(address: string): string[] {
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? []
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].map((group) => group.toLowerCase())
}
