import { createHash, randomBytes } from 'node:crypto'

/** What the holder of a session presents: 256 random bits. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of it. A copy of the table does not let anybody in. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
