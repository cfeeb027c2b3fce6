import { type CryptoKey, importJWK, type JWK } from 'jose'
import { UnavailableError } from './app-error.ts'
import type { Clock } from './clock.ts'

/** A published set of public keys, as RFC 7517 has it. */
export type Jwks = { keys: JWK[] }

export type PublicKey = { key: CryptoKey; algorithm: 'ES256' | 'EdDSA' }

export type JwksCacheOptions = {
  fetch: () => Promise<Jwks>
  clock: Clock
  /** A set older than this is refreshed behind the caller's back. */
  freshMs?: number
  /** A set older than this is not used any more. */
  staleMs?: number
  /** Least time between two fetches while a set is known. */
  refetchMs?: number
}

/** The keys of one issuer: fetched when needed, at most twice a minute, and kept for a day when the issuer is away. */
export class JwksCache {
  readonly #options: Required<JwksCacheOptions>
  #keys = new Map<string, PublicKey>()
  #fetchedAtMs: number | undefined
  #triedAtMs = Number.NEGATIVE_INFINITY
  #pending: Promise<void> | undefined

  constructor(options: JwksCacheOptions) {
    this.#options = { freshMs: 300_000, staleMs: 86_400_000, refetchMs: 30_000, ...options }
  }

  /** The key with this id; undefined when the issuer has none. Throws `UnavailableError` when no set is usable. */
  async find(kid: string): Promise<PublicKey | undefined> {
    if (this.#ageMs() > this.#options.staleMs) this.#keys = new Map()
    const known = this.#keys.get(kid)
    if (known) {
      if (this.#ageMs() > this.#options.freshMs) void this.#refresh()
      return known
    }
    await this.#refresh()
    if (this.#fetchedAtMs === undefined || this.#ageMs() > this.#options.staleMs) {
      throw new UnavailableError('The keys that verify who you are cannot be fetched. Try again in a moment.')
    }
    return this.#keys.get(kid)
  }

  #ageMs(): number {
    return this.#options.clock.nowMs() - (this.#fetchedAtMs ?? Number.NEGATIVE_INFINITY)
  }

  // Callers that come while a fetch is under way share it; a flood of unknown ids causes one fetch per interval.
  #refresh(): Promise<void> {
    if (this.#pending) return this.#pending
    const nowMs = this.#options.clock.nowMs()
    const intervalMs = this.#fetchedAtMs === undefined ? 1_000 : this.#options.refetchMs
    if (nowMs - this.#triedAtMs < intervalMs) return Promise.resolve()
    this.#triedAtMs = nowMs
    this.#pending = this.#load().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #load(): Promise<void> {
    try {
      const { keys } = await this.#options.fetch()
      const usable = await Promise.all(keys.map(importKey))
      this.#keys = new Map(usable.filter((entry) => entry !== undefined))
      this.#fetchedAtMs = this.#options.clock.nowMs()
    } catch {
      // The set at hand keeps serving; without one, `find` says that keys cannot be fetched.
    }
  }
}

// Only signature keys of the two algorithms: a symmetric "key" in a set would let anybody sign.
async function importKey(jwk: JWK): Promise<[string, PublicKey] | undefined> {
  const algorithm =
    jwk.kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : jwk.kty === 'OKP' && jwk.crv === 'Ed25519' ? 'EdDSA' : undefined
  if (!algorithm || !jwk.kid || (jwk.use && jwk.use !== 'sig')) return undefined
  const { d: _private, ...publicPart } = jwk
  return [jwk.kid, { key: (await importJWK(publicPart, algorithm)) as CryptoKey, algorithm }]
}
