// Chromium and Firefox accept this name over plain HTTP on loopback addresses; elsewhere it needs TLS.
const name = '__Host-apex_session'
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** The header that hands a browser its session. */
export function sessionCookie(token: string, maxAgeMs: number): string {
  return `${name}=${token}; Max-Age=${Math.floor(maxAgeMs / 1_000)}; ${attributes}`
}

/** The header that takes it away. */
export function clearedSessionCookie(): string {
  return `${name}=; Max-Age=0; ${attributes}`
}

/** The session token of a `Cookie` header. */
export function sessionTokenOfCookie(headers: Headers): string | undefined {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value) return value
  }
  return undefined
}
