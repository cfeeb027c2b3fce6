import { Role } from '@apex/protocol/identity'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { AppError, SessionEndedError, UnauthenticatedError } from './app-error.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Identity } from './identity.ts'
import { type Jwks, JwksCache } from './jwks-cache.ts'
import type { RevokedSessions } from './revoked-sessions.ts'

export type TokenType = 'at+jwt' | 'delegation+jwt'

/** One party whose tokens are believed, for one kind of token and one audience. */
export type TrustedIssuer = {
  issuer: string
  typ: TokenType
  audience: string
  jwksFetch: () => Promise<Jwks>
}

export type TokenVerifierOptions = {
  issuers: TrustedIssuer[]
  revoked?: RevokedSessions
  clock?: Clock
  /** How far the issuer's clock may differ from ours. */
  leewayMs?: number
}

/** Turns a token into an identity. Throws `UnauthenticatedError`, `SessionEndedError` or `UnavailableError`. */
export type TokenVerifier = { verify: (token: string) => Promise<Identity> }

const Claims = z.object({
  sub: z.string().min(1),
  org: z.string().min(1),
  exp: z.number(),
  role: Role.optional(),
  scope: z.string().default(''),
  sid: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  jti: z.string().optional(),
})
type Claims = z.output<typeof Claims>

/** Verifies access and delegation tokens locally, with the cached keys of the issuers given and nobody else's. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuers, revoked, clock = systemClock, leewayMs = 30_000 } = options
  const trusted = issuers.map((each) => ({ ...each, keys: new JwksCache({ fetch: each.jwksFetch, clock }) }))

  async function verify(token: string): Promise<Identity> {
    const { header, issuer } = readUnverified(token)
    const source = trusted.find((each) => each.issuer === issuer && each.typ === header.typ)
    if (!source || !header.kid) throw refused()
    const key = await source.keys.find(header.kid)
    if (!key) throw refused()
    const { payload } = await jwtVerify(token, key.key, {
      algorithms: [key.algorithm],
      issuer: source.issuer,
      audience: source.audience,
      typ: source.typ,
      clockTolerance: leewayMs / 1_000,
      currentDate: new Date(clock.nowMs()),
      requiredClaims: ['exp', 'iat', 'sub'],
    })
    const identity = toIdentity(payload, source.typ)
    if (identity.sessionId && revoked?.has(identity.sessionId)) throw new SessionEndedError(identity.sessionId)
    return identity
  }

  return {
    async verify(token) {
      try {
        return await verify(token)
      } catch (error) {
        if (error instanceof AppError) throw error
        if (error instanceof errors.JWTExpired) throw expired(error)
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw refused(error)
        throw error
      }
    },
  }
}

function readUnverified(token: string): { header: { typ?: string; kid?: string }; issuer: string | undefined } {
  try {
    const header = decodeProtectedHeader(token)
    return {
      header: { ...(header.typ ? { typ: header.typ } : {}), ...(header.kid ? { kid: header.kid } : {}) },
      issuer: decodeJwt(token).iss,
    }
  } catch (error) {
    throw refused(error)
  }
}

function toIdentity(payload: JWTPayload, typ: TokenType): Identity {
  const claims: Claims = Claims.parse(payload)
  const shared = {
    userId: claims.sub,
    organizationId: claims.org,
    scopes: claims.scope.split(' ').filter(Boolean),
    expiresAtMs: claims.exp * 1_000,
    ...(claims.jti ? { tokenId: claims.jti } : {}),
  }
  if (typ === 'delegation+jwt') {
    if (!claims.run) throw refused()
    // A run that names no role gets the least one.
    return { kind: 'delegation', ...shared, role: claims.role ?? 'viewer', runId: claims.run, ...session(claims) }
  }
  if (!claims.role || !claims.sid) throw refused()
  return { kind: 'user', ...shared, role: claims.role, ...session(claims) }
}

function session(claims: Claims): { sessionId?: string } {
  return claims.sid ? { sessionId: claims.sid } : {}
}

function refused(cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError('The token is not valid here. Fetch a new one, or sign in again.', { cause })
}

function expired(cause: unknown): UnauthenticatedError {
  return new UnauthenticatedError('The token has expired. Fetch a new one.', { cause })
}
