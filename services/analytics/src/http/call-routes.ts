import { route } from '@apex/kit/http/route'
import { AddCalls } from '@apex/protocol/endpoints/analytics/add-calls'
import { addCalls } from '../ingest/add-calls.ts'
import { type AnalyticsTools, requireWriter } from './analytics-tools.ts'

/** Calls sent as JSON. */
export function addCallRoutes(tools: AnalyticsTools): void {
  const { app, book, events, share } = tools
  route(app, AddCalls, async ({ body, identity }) => {
    requireWriter(identity, 'add calls')
    const { organizationId, userId } = identity
    const { watermark, ...added } = await share.run(userId, () =>
      addCalls(tools, { organizationId, calls: body.calls }),
    )
    events.callsAdded(identity, added)
    return { ...added, dataVersion: { watermark, priceVersion: book.version } }
  })
}
