import type { Clock } from '@apex/kit/clock'
import type { TokenSigner } from '@apex/kit/token-signer'

/** For whom a run works. */
export type Delegator = { runId: string; organizationId: string; userId: string; role: string }

const RENEW_BEFORE_MS = 60_000

/**
 * Gives a run's current delegation token: five minutes long, made anew while the run lives, because the person's own
 * token ends long before a run may.
 */
export function createDelegation(
  { signer, audience, clock }: { signer: TokenSigner; audience: string; clock: Clock },
  { organizationId, role, runId, userId }: Delegator,
): () => Promise<string> {
  let current: Promise<{ token: string; expiresAtMs: number }> | undefined
  return async () => {
    const known = await current?.catch(() => undefined)
    if (!known || known.expiresAtMs - RENEW_BEFORE_MS < clock.nowMs()) {
      current = signer.sign({ sub: userId, org: organizationId, role, run: runId }, audience)
    }
    const issued = await current
    if (!issued) throw new Error('a token was signed and is gone')
    return issued.token
  }
}
