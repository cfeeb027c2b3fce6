import { createHash } from 'node:crypto'
import type { AgentName, ModelUsage } from '@apex/protocol/agent'
import type { Json } from '@apex/protocol/text'
import type { ToolProblem } from '../tools/call-tool.ts'
import type { RunEventInput } from './run-context.ts'

/** One call of an agent in a run: who, which, and what its steps are called. */
export type Invocation = {
  agent: AgentName
  id: string
  purpose: string
  /** The invocation that called it; absent for the supervisor. */
  parentId?: string
  /** Begins the id of each of its steps. */
  stepPrefix: string
}

/** Makes the `ordinal`th invocation of a run; the same run and ordinal give the same ids in every replay. */
export function createInvocation(
  runId: string,
  ordinal: number,
  agent: { name: AgentName; purpose: string },
  parentId?: string,
): Invocation {
  return {
    agent: agent.name,
    id: derivedId(runId, `invocation ${ordinal}`),
    purpose: agent.purpose,
    ...(parentId !== undefined && { parentId }),
    stepPrefix: `${ordinal}-${agent.name}`,
  }
}

/** A UUID that depends on nothing but the run and what it names. */
export function derivedId(runId: string, what: string): string {
  const hex = createHash('sha256').update(`${runId}\n${what}`).digest('hex')
  // Version 8 (made by own rule) and the RFC variant.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

type Of<Type extends RunEventInput['type']> = Extract<RunEventInput, { type: Type }>

export function agentStarted(invocation: Invocation): Of<'agent_started'> {
  const { purpose, parentId } = invocation
  return {
    type: 'agent_started',
    payload: { purpose, ...(parentId !== undefined && { parentInvocationId: parentId }) },
    ...by(invocation),
  }
}

export function agentThinking(invocation: Invocation, text: string, usage?: ModelUsage): Of<'agent_thinking'> {
  return { type: 'agent_thinking', payload: { text }, ...by(invocation), ...(usage && { usage }) }
}

export function agentCompleted(
  invocation: Invocation,
  payload: Of<'agent_completed'>['payload'],
  usage?: ModelUsage,
): Of<'agent_completed'> {
  return { type: 'agent_completed', payload, ...by(invocation), ...(usage && { usage }) }
}

export type ToolCallRef = { id: string; tool: string; arguments: Record<string, Json> }

export function toolExecuting(invocation: Invocation, call: ToolCallRef): Of<'tool_executing'> {
  const { id, tool } = call
  return { type: 'tool_executing', payload: { tool, arguments: call.arguments }, ...by(invocation), toolCallId: id }
}

export function toolCompleted(
  invocation: Invocation,
  call: ToolCallRef,
  ended: { summary: string; durationMs: number; rowCount?: number; problem?: ToolProblem },
): Of<'tool_completed'> {
  const { summary, durationMs, rowCount, problem } = ended
  return {
    type: 'tool_completed',
    payload: {
      tool: call.tool,
      outcome: problem ? 'error' : 'ok',
      summary,
      durationMs,
      ...(rowCount !== undefined && { rowCount }),
      ...(problem && { error: problem }),
    },
    ...by(invocation),
    toolCallId: call.id,
  }
}

function by(invocation: Invocation): { agent: AgentName; invocationId: string } {
  return { agent: invocation.agent, invocationId: invocation.id }
}
