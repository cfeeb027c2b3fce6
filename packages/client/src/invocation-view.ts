import type { AgentName } from '@apex/protocol/agent'
import type { ToolCompleted } from '@apex/protocol/events/tool-completed'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { type Origin, originOf, sameOrigin } from './origin.ts'

/** One thought of an agent; the newest that is not superseded is what it does now. */
export type ThoughtRow = {
  kind: 'thought'
  seq: number
  text: string
  time: string
  origin: Origin
  superseded: boolean
}

/** One call of a tool. `interrupted`: the run ended first. */
export type ToolRow = {
  kind: 'tool'
  seq: number
  toolCallId: string | null
  tool: string
  arguments: Readonly<Record<string, unknown>>
  state: 'running' | 'ok' | 'error' | 'interrupted'
  summary: string | null
  durationMs: number | null
  rowCount: number | null
  error: NonNullable<ToolCompleted['payload']['error']> | null
  startedAt: string
  origin: Origin
  endedBy: Origin
  superseded: boolean
}

/** One invocation of an agent with its rows in the order of the log; `seq` of its start is its key. */
export type InvocationView = {
  seq: number
  invocationId: string | null
  agent: AgentName
  purpose: string
  parentInvocationId: string | null
  state: 'running' | 'completed' | 'failed' | 'unavailable' | 'interrupted'
  thinking: string | null
  summary: string | null
  durationMs: number | null
  startedAt: string
  rows: readonly (ThoughtRow | ToolRow)[]
  origin: Origin
  endedBy: Origin
  superseded: boolean
}

type EventOf<Type extends ThreadEvent['type']> = Extract<ThreadEvent, { type: Type }>
type AgentEvent = EventOf<'agent_started' | 'agent_thinking' | 'tool_executing' | 'tool_completed' | 'agent_completed'>

/** The invocations after one event of an agent or tool; `superseded` when its attempt is already withdrawn. */
export function applyAgentEvent(
  invocations: readonly InvocationView[],
  event: AgentEvent,
  superseded: boolean,
): readonly InvocationView[] {
  if (event.type === 'agent_started') return [...invocations, startInvocation(event, superseded)]
  const known = findInvocation(invocations, event)
  // An event of an invocation whose start is not in the log still has its place in it.
  const all = known === -1 ? [...invocations, implicitInvocation(event, superseded)] : invocations
  const index = known === -1 ? all.length - 1 : known
  return all.map((invocation, at) => (at === index ? applyToInvocation(invocation, event, superseded) : invocation))
}

/** Strikes what an attempt began and takes back what it ended. */
export function withdrawFromInvocation(invocation: InvocationView, origin: Origin): InvocationView {
  const rows = invocation.rows.map((row) => withdrawFromRow(row, origin))
  const ended = invocation.endedBy !== null && sameOrigin(invocation.endedBy, origin)
  return {
    ...invocation,
    rows,
    thinking: newestThought(rows),
    superseded: invocation.superseded || sameOrigin(invocation.origin, origin),
    ...(ended && { state: 'running', summary: null, durationMs: null, endedBy: null }),
  }
}

/** What still ran when the run ended runs no longer. */
export function interruptInvocation(invocation: InvocationView): InvocationView {
  const rows = invocation.rows.map((row) =>
    row.kind === 'tool' && row.state === 'running' ? { ...row, state: 'interrupted' as const } : row,
  )
  return { ...invocation, rows, state: invocation.state === 'running' ? 'interrupted' : invocation.state }
}

function startInvocation(event: EventOf<'agent_started'>, superseded: boolean): InvocationView {
  return {
    ...implicitInvocation(event, superseded),
    purpose: event.payload.purpose,
    parentInvocationId: event.payload.parentInvocationId ?? null,
  }
}

function implicitInvocation(event: AgentEvent, superseded: boolean): InvocationView {
  return {
    seq: event.seq,
    invocationId: event.invocationId ?? null,
    agent: event.agent ?? 'supervisor',
    purpose: '',
    parentInvocationId: null,
    state: 'running',
    thinking: null,
    summary: null,
    durationMs: null,
    startedAt: event.time,
    rows: [],
    origin: originOf(event),
    endedBy: null,
    superseded,
  }
}

/** The newest invocation the event belongs to: a repeated attempt may use the id again. */
function findInvocation(invocations: readonly InvocationView[], event: AgentEvent): number {
  return event.invocationId === undefined
    ? invocations.findLastIndex(({ agent, state }) => agent === event.agent && state === 'running')
    : invocations.findLastIndex(({ invocationId }) => invocationId === event.invocationId)
}

function applyToInvocation(
  invocation: InvocationView,
  event: Exclude<AgentEvent, { type: 'agent_started' }>,
  superseded: boolean,
): InvocationView {
  const origin = originOf(event)
  switch (event.type) {
    case 'agent_thinking': {
      const { seq, time } = event
      const row: ThoughtRow = { kind: 'thought', seq, text: event.payload.text, time, origin, superseded }
      const rows = [...invocation.rows, row]
      return { ...invocation, rows, thinking: newestThought(rows) }
    }
    case 'tool_executing':
      return { ...invocation, rows: [...invocation.rows, startTool(event, superseded)] }
    case 'tool_completed':
      return superseded ? invocation : { ...invocation, rows: endTool(invocation.rows, event) }
    case 'agent_completed':
      break
  }
  if (superseded) return invocation
  const { outcome, summary, durationMs } = event.payload
  return { ...invocation, state: outcome, summary, durationMs, endedBy: origin }
}

function startTool(event: EventOf<'tool_executing' | 'tool_completed'>, superseded: boolean): ToolRow {
  return {
    kind: 'tool',
    seq: event.seq,
    toolCallId: event.toolCallId ?? null,
    tool: event.payload.tool,
    arguments: event.type === 'tool_executing' ? event.payload.arguments : {},
    state: 'running',
    summary: null,
    durationMs: null,
    rowCount: null,
    error: null,
    startedAt: event.time,
    origin: originOf(event),
    endedBy: null,
    superseded,
  }
}

function endTool(rows: InvocationView['rows'], event: EventOf<'tool_completed'>): InvocationView['rows'] {
  const { outcome, summary, durationMs, rowCount, error } = event.payload
  const known = rows.findLastIndex(
    (row) =>
      row.kind === 'tool' &&
      row.state === 'running' &&
      !row.superseded &&
      (event.toolCallId === undefined ? row.tool === event.payload.tool : row.toolCallId === event.toolCallId),
  )
  const all = known === -1 ? [...rows, startTool(event, false)] : rows
  const index = known === -1 ? all.length - 1 : known
  return all.map((row, at) =>
    at === index && row.kind === 'tool'
      ? {
          ...row,
          state: outcome,
          summary,
          durationMs,
          rowCount: rowCount ?? null,
          error: error ?? null,
          endedBy: originOf(event),
        }
      : row,
  )
}

function withdrawFromRow(row: ThoughtRow | ToolRow, origin: Origin): ThoughtRow | ToolRow {
  if (sameOrigin(row.origin, origin)) return { ...row, superseded: true }
  if (row.kind === 'thought' || row.endedBy === null || !sameOrigin(row.endedBy, origin)) return row
  return { ...row, state: 'running', summary: null, durationMs: null, rowCount: null, error: null, endedBy: null }
}

function newestThought(rows: InvocationView['rows']): string | null {
  const thought = rows.findLast((row) => row.kind === 'thought' && !row.superseded)
  return thought?.kind === 'thought' ? thought.text : null
}
