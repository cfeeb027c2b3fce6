import { route } from '@apex/kit/http/route'
import { GetReport } from '@apex/protocol/endpoints/chat/get-report'
import { GetRun } from '@apex/protocol/endpoints/chat/get-run'
import { ListRuns } from '@apex/protocol/endpoints/chat/list-runs'
import { StartRun } from '@apex/protocol/endpoints/chat/start-run'
import { StopRun } from '@apex/protocol/endpoints/chat/stop-run'
import { findRun, listRuns } from '../runs/runs.ts'
import { stopRun } from '../runs/stop-run.ts'
import { startRun } from '../threads/start-run.ts'
import type { RouteTools } from './route-tools.ts'

/** Runs: started and stopped by commands, read by whoever asked. */
export function addRunRoutes(tools: RouteTools): void {
  const { app, forCommand, forPerson, sql, threads } = tools
  route(app, StartRun, ({ body, identity, params, requestId }) =>
    forCommand(identity, () =>
      startRun(tools, { ...identity, correlationId: requestId }, { threadId: params.threadId, ...body }),
    ),
  )
  route(app, StopRun, ({ body, identity, params }) =>
    forCommand(identity, () => stopRun(tools, identity, { commandId: body.commandId, runId: params.runId })),
  )
  route(app, GetRun, async ({ identity, params }) => ({
    run: await forPerson(identity, () => findRun(sql, identity, params.runId)),
  }))
  route(app, ListRuns, async ({ identity, params }) =>
    forPerson(identity, async () => {
      await threads.find(identity, params.threadId)
      return { runs: await listRuns(sql, identity, params.threadId) }
    }),
  )
  route(app, GetReport, async ({ identity, params }) => ({
    report: await forPerson(identity, () => threads.report(identity, params.runId)),
  }))
}
