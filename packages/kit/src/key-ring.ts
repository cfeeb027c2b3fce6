import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Clock } from './clock.ts'

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

export type KeyRingOptions = {
  keys: SigningKeyStore
  clock: Clock
  algorithm: 'ES256' | 'EdDSA'
  rotateAfterMs: number
  /** How long a new key is published before it signs: longer than a verifier keeps its set. */
  publishBeforeMs: number
  /** How long a key is published after its successor took over. */
  keepAfterMs: number
}

const relistMs = 60_000

/** Keeps one key signing, the next one published in advance and old ones published while their tokens live. */
export class KeyRing {
  readonly #options: KeyRingOptions
  #known: SigningKey[] = []
  #knownAtMs = Number.NEGATIVE_INFINITY

  constructor(options: KeyRingOptions) {
    this.#options = options
  }

  /** The key to sign with now. Makes the first one, and a successor for one that is too old. */
  async active(): Promise<SigningKey> {
    const { clock, rotateAfterMs } = this.#options
    const nowMs = clock.nowMs()
    // Keys of other nodes are learnt well before they sign.
    if (nowMs - this.#knownAtMs > relistMs || this.#known.length === 0) await this.#list()
    const newest = this.#known.at(-1)
    if (!newest) return this.#create(nowMs)
    if (nowMs - newest.activeFromMs > rotateAfterMs) await this.rotate()
    return this.#known.findLast((key) => key.activeFromMs <= nowMs) ?? newest
  }

  /** Every key that may verify a token now or soon; spent ones are removed from the store. */
  async published(): Promise<SigningKey[]> {
    await this.active()
    const known = await this.#list()
    const nowMs = this.#options.clock.nowMs()
    const spent = known.filter((_key, index) => {
      const successor = known[index + 1]
      return successor !== undefined && successor.activeFromMs + this.#options.keepAfterMs < nowMs
    })
    if (spent.length === 0) return known
    await this.#options.keys.remove(spent.map((key) => key.kid))
    return this.#list()
  }

  /** Publishes a new key that signs once verifiers had time to learn it. */
  rotate(): Promise<SigningKey> {
    return this.#create(this.#options.clock.nowMs() + this.#options.publishBeforeMs)
  }

  async #create(activeFromMs: number): Promise<SigningKey> {
    const { keys, clock, algorithm } = this.#options
    const key = await createSigningKey({ algorithm, createdAtMs: clock.nowMs(), activeFromMs })
    await keys.insert(key)
    await this.#list()
    return key
  }

  async #list(): Promise<SigningKey[]> {
    const { keys, clock } = this.#options
    this.#known = (await keys.list()).toSorted((a, b) => a.activeFromMs - b.activeFromMs)
    this.#knownAtMs = clock.nowMs()
    return this.#known
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
