import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import type { Sql } from 'postgres'
import type { SigningKey, SigningKeyStore } from './key-ring.ts'

type Row = {
  kid: string
  algorithm: string
  public_jwk: JWK
  private_sealed: Uint8Array
  created_at: Date
  active_from: Date
}

/**
 * Signing keys in the table `signing_key` of the service's own schema, private halves sealed with AES-256-GCM under a key
 * derived from `secret`. The service's migrations create the table:
 *
 *     create table signing_key (
 *       kid text primary key, algorithm text not null, public_jwk jsonb not null, private_sealed bytea not null,
 *       created_at timestamptz not null, active_from timestamptz not null)
 */
export function createSigningKeyStore(sql: Sql, { secret }: { secret: string }): SigningKeyStore {
  const sealingKey = Buffer.from(hkdfSync('sha256', secret, '', 'signing-key', 32))
  return {
    async list() {
      const rows = await sql<Row[]>`
        select kid, algorithm, public_jwk, private_sealed, created_at, active_from
        from signing_key order by active_from`
      return rows.map((row) => toSigningKey(row, sealingKey))
    },
    async insert(key) {
      const sealed = seal(JSON.stringify(key.privateJwk), sealingKey, key.kid)
      await sql`
        insert into signing_key (kid, algorithm, public_jwk, private_sealed, created_at, active_from)
        values (${key.kid}, ${key.algorithm}, ${sql.json(key.publicJwk)}, ${sealed},
          ${new Date(key.createdAtMs)}, ${new Date(key.activeFromMs)})`
    },
    async remove(kids) {
      await sql`delete from signing_key where kid = any(${kids})`
    },
  }
}

function toSigningKey(row: Row, sealingKey: Buffer): SigningKey {
  return {
    kid: row.kid,
    algorithm: row.algorithm === 'EdDSA' ? 'EdDSA' : 'ES256',
    publicJwk: row.public_jwk,
    privateJwk: JSON.parse(unseal(row.private_sealed, sealingKey, row.kid)) as JWK,
    createdAtMs: row.created_at.getTime(),
    activeFromMs: row.active_from.getTime(),
  }
}

function seal(text: string, key: Buffer, context: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Thrown when stored keys were sealed under another secret. */
export class SealedKeyError extends Error {
  override readonly name = 'SealedKeyError'
  readonly code = 'signing_key_sealed'
}

function unseal(sealed: Uint8Array, key: Buffer, context: string): string {
  const bytes = Buffer.from(sealed)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SealedKeyError(
      'The stored signing keys were sealed under another secret. Start with the secret they were made with, or delete them to sign everybody out.',
      { cause: error },
    )
  }
}
