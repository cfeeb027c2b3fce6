import type { InvocationView, ToolRow } from '@apex/client/invocation-view'
import type { RunView } from '@apex/client/run-view'
import type { GlyphName } from '../parts/glyph.tsx'

/** One line of a run's timeline in the order of its log. */
export type TimelineItem =
  | { kind: 'agent'; seq: number; invocation: InvocationView; tools: readonly ToolRow[]; reason: string | undefined }
  /** An attempt whose text or report was withdrawn though no agent began in it. */
  | { kind: 'withdrawn'; seq: number; stepId: string; attempt: number; reason: string }

/** The lines of a run. The supervisor is the run's header, so it has a line only when it calls tools of its own. */
export function timelineOf(run: RunView): TimelineItem[] {
  const agents = run.invocations.map((invocation): TimelineItem & { kind: 'agent' } => ({
    kind: 'agent',
    seq: invocation.seq,
    invocation,
    tools: invocation.rows.filter((row) => row.kind === 'tool'),
    reason: reasonOf(run, invocation),
  }))
  const shown = agents.filter(({ invocation, tools }) => invocation.agent !== 'supervisor' || tools.length > 0)
  const explained = new Set(
    run.invocations.flatMap(({ origin, rows }) => [origin, ...rows.map((row) => row.origin)]).map(originKey),
  )
  const withdrawn = run.supersededAttempts
    .filter((attempt) => !explained.has(originKey(attempt)))
    .map((attempt): TimelineItem => ({ kind: 'withdrawn', ...attempt }))
  return [...shown, ...withdrawn].toSorted((a, b) => a.seq - b.seq)
}

/** What the supervisor says it is doing. */
export function supervisorThought(run: RunView): string | null {
  const supervisor = run.invocations.findLast(({ agent, superseded }) => agent === 'supervisor' && !superseded)
  return supervisor?.thinking ?? null
}

/** How many agents took part beside the supervisor, and how many tools they called; withdrawn ones not counted. */
export function countParts(run: RunView): { agents: number; tools: number } {
  const counted = run.invocations.filter(({ superseded }) => !superseded)
  return {
    agents: new Set(counted.filter(({ agent }) => agent !== 'supervisor').map(({ agent }) => agent)).size,
    tools: counted.flatMap(({ rows }) => rows).filter((row) => row.kind === 'tool' && !row.superseded).length,
  }
}

const GLYPHS: Record<InvocationView['state'], GlyphName> = {
  running: 'live',
  completed: 'done',
  failed: 'failed',
  unavailable: 'unavailable',
  interrupted: 'stopped',
}

export function agentGlyph(invocation: InvocationView): GlyphName {
  return invocation.superseded ? 'withdrawn' : GLYPHS[invocation.state]
}

/** What an agent's line says: what it is doing, then what came of it. */
export function agentSays(invocation: InvocationView): string {
  if (invocation.superseded) {
    const thought = invocation.rows.findLast((row) => row.kind === 'thought')
    return thought?.kind === 'thought' ? thought.text : invocation.purpose
  }
  if (invocation.state === 'running') return invocation.thinking ?? invocation.purpose
  return invocation.summary ?? invocation.thinking ?? invocation.purpose
}

function reasonOf(run: RunView, invocation: InvocationView): string | undefined {
  if (!invocation.superseded) return undefined
  return run.supersededAttempts.find((attempt) => originKey(attempt) === originKey(invocation.origin))?.reason
}

function originKey(origin: { stepId: string; attempt: number } | null): string {
  return origin ? `${origin.stepId} ${origin.attempt}` : ''
}
