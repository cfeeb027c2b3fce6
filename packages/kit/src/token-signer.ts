import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { v7 as uuidv7 } from 'uuid'
import { type Clock, systemClock } from './clock.ts'
import type { Jwks } from './jwks-cache.ts'
import type { TokenType } from './token.ts'

export type SigningKey = {
  kid: string
  algorithm: 'ES256' | 'EdDSA'
  publicJwk: JWK
  privateJwk: JWK
  createdAtMs: number
  /** Published from its creation on, used from this time on. */
  activeFromMs: number
}

/** Where signing keys live. Several nodes may share one store. */
export type SigningKeyStore = {
  list(): Promise<SigningKey[]>
  insert(key: SigningKey): Promise<void>
  remove(kids: string[]): Promise<void>
}

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
  sign(claims: TokenClaims, audience: string | string[]): Promise<{ token: string; expiresAtMs: number }>
  jwks(): Promise<Jwks>
  /** Publishes a new key, which signs after the publishing time; older ones verify until their tokens are gone. */
  rotate(): Promise<{ kid: string; activeFromMs: number }>
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** A signer whose keys rotate by age and on demand; the first key is made on first use. */
export function createTokenSigner(options: TokenSignerOptions): TokenSigner {
  const { issuer, typ, keys, clock = systemClock, algorithm = 'ES256', lifetimeMs = 5 * minuteMs } = options
  const { rotateAfterMs = 90 * dayMs, publishBeforeMs = 6 * minuteMs, leewayMs = 30_000 } = options
  let known: SigningKey[] = []
  let knownAtMs = Number.NEGATIVE_INFINITY

  async function refresh(): Promise<SigningKey[]> {
    known = (await keys.list()).toSorted((a, b) => a.activeFromMs - b.activeFromMs)
    knownAtMs = clock.nowMs()
    return known
  }

  async function create(activeFromMs: number): Promise<SigningKey> {
    const key = await createSigningKey({ algorithm, createdAtMs: clock.nowMs(), activeFromMs })
    await keys.insert(key)
    await refresh()
    return key
  }

  async function activeKey(): Promise<SigningKey> {
    const nowMs = clock.nowMs()
    // Other nodes' keys are learnt well before they sign, and this one's never used after their removal.
    if (nowMs - knownAtMs > minuteMs || known.length === 0) await refresh()
    const newest = known.at(-1)
    if (!newest) return create(nowMs)
    if (nowMs - newest.activeFromMs > rotateAfterMs) await create(nowMs + publishBeforeMs)
    return known.findLast((key) => key.activeFromMs <= nowMs) ?? newest
  }

  // A key is spent once its successor has signed for longer than any token of the old one can live.
  async function removeSpent(): Promise<void> {
    const keepMs = lifetimeMs + publishBeforeMs + leewayMs
    const spent = known.filter((_key, index) => {
      const successor = known[index + 1]
      return successor !== undefined && successor.activeFromMs + keepMs < clock.nowMs()
    })
    if (spent.length === 0) return
    await keys.remove(spent.map((key) => key.kid))
    await refresh()
  }

  return {
    async sign(claims, audience) {
      const key = await activeKey()
      const issuedAt = Math.floor(clock.nowMs() / 1_000)
      const expiresAt = issuedAt + Math.floor(lifetimeMs / 1_000)
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .setJti(uuidv7())
        .sign(await importJWK(key.privateJwk, key.algorithm))
      return { token, expiresAtMs: expiresAt * 1_000 }
    },
    async jwks() {
      await activeKey()
      await refresh()
      await removeSpent()
      return { keys: known.map((key) => key.publicJwk) }
    },
    async rotate() {
      await activeKey()
      const { kid, activeFromMs } = await create(clock.nowMs() + publishBeforeMs)
      return { kid, activeFromMs }
    },
  }
}

/** Keys that live as long as the process: for tests, and for signers whose tokens need not outlive a restart. */
export function memorySigningKeyStore(): SigningKeyStore {
  const keys = new Map<string, SigningKey>()
  return {
    list: async () => [...keys.values()],
    insert: async (key) => void keys.set(key.kid, key),
    remove: async (kids) => kids.forEach((kid) => keys.delete(kid)),
  }
}

type NewKey = Pick<SigningKey, 'algorithm' | 'createdAtMs' | 'activeFromMs'>

async function createSigningKey({ algorithm, createdAtMs, activeFromMs }: NewKey): Promise<SigningKey> {
  const pair = await generateKeyPair(algorithm, { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    kid,
    algorithm,
    publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
    privateJwk: await exportJWK(pair.privateKey),
    createdAtMs,
    activeFromMs,
  }
}
