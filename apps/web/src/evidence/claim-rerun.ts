import type { HttpClient } from '@apex/client/http-client'
import type { Claim } from '@apex/protocol/claim'
import { RerunClaim } from '@apex/protocol/endpoints/analytics/rerun-claim'
import { displayFigure } from '@apex/protocol/figure-display'

/** What asking a figure's question again gave; `display` is the new value where there is one. */
export type ClaimRerun = {
  result: 'same' | 'changed' | 'unanswerable'
  display: string | undefined
  because: readonly string[]
}

/** Asks a published figure's question again on today's data. */
export async function rerunClaim(client: HttpClient, runId: string, claim: Claim): Promise<ClaimRerun> {
  const { result, figure, because } = await client.call(RerunClaim, { params: { runId, claimId: claim.id } })
  return { result, because, display: figure ? displayFigure(figure.value, figure.unit, figure.rounding) : undefined }
}
