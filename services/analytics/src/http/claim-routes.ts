import { ForbiddenError } from '@apex/kit/app-error'
import { route } from '@apex/kit/http/route'
import { ListClaims } from '@apex/protocol/endpoints/analytics/list-claims'
import { PublishClaims } from '@apex/protocol/endpoints/analytics/publish-claims'
import { RerunClaim } from '@apex/protocol/endpoints/analytics/rerun-claim'
import type { AnalyticsTools } from './analytics-tools.ts'

/** The claims of reports: published by the run itself, read and doubted by who asked. */
export function addClaimRoutes({ app, claims, events, questions, share }: AnalyticsTools): void {
  route(app, PublishClaims, async ({ body, identity, params: { runId } }) => {
    if (identity.runId !== runId) throw new ForbiddenError("A run publishes its own claims and no other run's.")
    const { organizationId, userId } = identity
    const stored = await share.run(userId, () => claims.publish({ organizationId, runId, userId }, body.claims))
    events.claimsPublished(identity, stored)
    return { stored }
  })

  route(app, ListClaims, async ({ identity: { organizationId, userId }, params: { runId } }) => ({
    claims: await share.run(userId, () => claims.list({ organizationId, runId, userId })),
  }))

  route(app, RerunClaim, async ({ identity, params }) => {
    const { organizationId, userId } = identity
    const rerun = await questions.run(userId, () => claims.rerun({ organizationId, userId, ...params }))
    events.claimRerun(identity, rerun.result)
    return rerun
  })
}
