import { importJWK, SignJWT } from 'jose'
import { type Clock, systemClock } from './clock.ts'
import { newId } from './id.ts'
import type { Jwks } from './jwks-cache.ts'
import { KeyRing, type SigningKeyStore } from './key-ring.ts'
import type { TokenType } from './token.ts'

export type TokenSignerOptions = {
  issuer: string
  typ: TokenType
  keys: SigningKeyStore
  clock?: Clock
  algorithm?: 'ES256' | 'EdDSA'
  lifetimeMs?: number
  rotateAfterMs?: number
  /** How long a new key is published before it signs: longer than a verifier keeps its set. */
  publishBeforeMs?: number
  leewayMs?: number
}

export type TokenClaims = { sub: string; org: string; role?: string; scope?: string; sid?: string; run?: string }

/** Signs short tokens and publishes the keys that verify them. */
export type TokenSigner = {
  sign: (claims: TokenClaims, audience: string | string[]) => Promise<{ token: string; expiresAtMs: number }>
  jwks: () => Promise<Jwks>
  /** Publishes a new key, which signs after the publishing time; older ones verify until their tokens are gone. */
  rotate: () => Promise<{ kid: string; activeFromMs: number }>
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** A signer whose keys rotate by age and on demand; the first key is made on first use. */
export function createTokenSigner(options: TokenSignerOptions): TokenSigner {
  const { issuer, typ, keys, clock = systemClock, algorithm = 'ES256', lifetimeMs = 5 * minuteMs } = options
  const { rotateAfterMs = 90 * dayMs, publishBeforeMs = 6 * minuteMs, leewayMs = 30_000 } = options
  const keepAfterMs = lifetimeMs + publishBeforeMs + leewayMs
  const ring = new KeyRing({ keys, clock, algorithm, rotateAfterMs, publishBeforeMs, keepAfterMs })
  return {
    async sign(claims, audience) {
      const key = await ring.active()
      const issuedAt = Math.floor(clock.nowMs() / 1_000)
      const expiresAt = issuedAt + Math.floor(lifetimeMs / 1_000)
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .setJti(newId())
        .sign(await importJWK(key.privateJwk, key.algorithm))
      return { token, expiresAtMs: expiresAt * 1_000 }
    },
    jwks: async () => ({ keys: (await ring.published()).map((key) => key.publicJwk) }),
    rotate: async () => {
      await ring.active()
      const { kid, activeFromMs } = await ring.rotate()
      return { kid, activeFromMs }
    },
  }
}
