import type { Role } from '@apex/protocol/identity'
import type { Clock } from '../clock.ts'
import type { Jwks } from '../jwks-cache.ts'
import { memorySigningKeyStore } from '../key-ring.ts'
import type { TokenType, TrustedIssuer } from '../token.ts'
import { createTokenSigner } from '../token-signer.ts'

export type TestIdentity = {
  userId?: string
  organizationId?: string
  role?: Role
  sessionId?: string
  runId?: string
  scope?: string
}

/** An issuer of valid tokens for tests of services that only verify them. */
export type TestTokens = {
  /** To be put among a verifier's issuers. */
  trusted: TrustedIssuer
  jwksFetch: () => Promise<Jwks>
  /** A signed token; what is not given is made up. */
  mint(identity?: TestIdentity): Promise<string>
  /** The headers of a request that carries such a token. */
  headers(identity?: TestIdentity): Promise<{ authorization: string }>
}

export type TestTokensOptions = { audience: string; issuer?: string; typ?: TokenType; clock?: Clock }

/** Access tokens of `apex-auth` by default, or delegation tokens of `apex-chat` with `typ: 'delegation+jwt'`. */
export function testTokens(options: TestTokensOptions): TestTokens {
  const { audience, typ = 'at+jwt', clock } = options
  const issuer = options.issuer ?? (typ === 'at+jwt' ? 'apex-auth' : 'apex-chat')
  const signer = createTokenSigner({ issuer, typ, keys: memorySigningKeyStore(), ...(clock ? { clock } : {}) })

  async function mint(identity: TestIdentity = {}): Promise<string> {
    const { userId = 'user-1', organizationId = 'organization-1', role = 'owner', scope = '' } = identity
    const work = typ === 'at+jwt' ? { sid: identity.sessionId ?? 'session-1' } : { run: identity.runId ?? 'run-1' }
    const { token } = await signer.sign({ sub: userId, org: organizationId, role, scope, ...work }, audience)
    return token
  }

  return {
    trusted: { issuer, typ, audience, jwksFetch: signer.jwks },
    jwksFetch: signer.jwks,
    mint,
    headers: async (identity) => ({ authorization: `Bearer ${await mint(identity)}` }),
  }
}
