import { type Json, normaliseJson } from '@apex/protocol/text'
import { callTool, type ToolOutcome } from '../tools/call-tool.ts'
import type { Tool } from '../tools/tool.ts'
import { durableStep } from './durable-step.ts'
import { withHeartbeat } from './heartbeat.ts'
import { agentThinking, derivedId, type Invocation, toolCompleted, toolExecuting } from './invocation.ts'
import type { RunEventInput } from './run-context.ts'
import type { RunDesk } from './run-desk.ts'

export type ToolRequest = { tool: string; arguments: Record<string, Json> }

/** What a tool call gave: its outcome, what the model is told, and when the step began. */
export type ToolStepEnd = { outcome: ToolOutcome; told: Json; failed: boolean; atMs: number }

/** Runs one tool call as its own durable step: announced before, reported after, its answer entered into the book. */
export async function toolStep(options: {
  desk: RunDesk
  invocation: Invocation
  stepId: string
  tools: readonly Tool[]
  request: ToolRequest
  lead: readonly RunEventInput[]
}): Promise<ToolStepEnd> {
  const { desk, invocation, stepId, request, lead } = options
  const { context, clock } = desk
  const { facts } = context
  const call = { id: derivedId(facts.runId, stepId), tool: request.tool, arguments: request.arguments }
  const tool = options.tools.find(({ name }) => name === request.tool)
  const { outcome, atMs } = await durableStep(context, stepId, async (step) => {
    const atMs = clock.nowMs()
    await step.append([...lead, toolExecuting(invocation, call)])
    const work = callTool(
      tool,
      { name: request.tool, arguments: request.arguments, correlationId: facts.correlationId },
      { analytics: desk.analytics, organisation: facts.organizationId, signal: step.signal },
    )
    context.crashPoint('inside-tool')
    const waiting = agentThinking(invocation, `Waiting for ${request.tool}; it is still working.`)
    const outcome = await withHeartbeat(work, clock, () => step.append([waiting]))
    const durationMs = clock.nowMs() - atMs
    return { result: { outcome, atMs }, events: [toolCompleted(invocation, call, reported(outcome, durationMs))] }
  })
  return { outcome, atMs, ...tellModel(desk, request, outcome) }
}

/** Enters the answer into the book, which numbers its figures, and gives it as the model may read it. */
function tellModel(desk: RunDesk, request: ToolRequest, outcome: ToolOutcome): { told: Json; failed: boolean } {
  if (!outcome.ok) {
    const { code, title, detail } = outcome.problem
    desk.log.warn({ tool: request.tool, code }, 'tool call failed')
    return { told: { error: { code, title, detail } }, failed: true }
  }
  const { answer, told, summary } = outcome.result
  if (answer) return { told: normaliseJson(desk.book.add(answer)), failed: false }
  return { told: told ?? { summary }, failed: false }
}

function reported(outcome: ToolOutcome, durationMs: number): Parameters<typeof toolCompleted>[2] {
  if (!outcome.ok) return { summary: outcome.problem.title, durationMs, problem: outcome.problem }
  const { summary, rowCount } = outcome.result
  return { summary, durationMs, ...(rowCount !== undefined && { rowCount }) }
}
