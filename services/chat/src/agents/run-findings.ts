import type { Gap } from '@apex/protocol/question'
import { dataSufficiency } from '../tools/data-sufficiency.ts'
import type { UnavailableAgent } from './agent.ts'
import type { MadeCall } from './agent-loop.ts'
import type { AnalysisResult } from './analysis.ts'
import type { OptimizerResult } from './apex-optimizer.ts'
import type { DataHelperResult } from './data-helper.ts'
import type { Sufficiency } from './supervisor.ts'
import type { TriageResult } from './triage.ts'

/** What the agents of a run have found out; each fills in its part. */
export type RunFindings = {
  triage: TriageResult
  sufficiency: Sufficiency
  gaps: Gap[]
  unavailable: UnavailableAgent[]
  /** Whether an agent or tool failed on the way, so that the answer cannot be called full. */
  failed: boolean
  analysis: AnalysisResult | null
  optimizer: OptimizerResult | null
  dataHelp: DataHelperResult | null
}

/** What the last successful sufficiency check said; the model's own opinion does not count. */
export function sufficiencyOf(calls: readonly MadeCall[]): { sufficiency: Sufficiency; gaps: Gap[] } {
  const checks = calls.filter(({ tool, end }) => tool === dataSufficiency.name && end.outcome.ok)
  const last = checks.at(-1)?.end
  const answer = last?.outcome.ok ? last.outcome.result.answer : undefined
  // What the model was told has its figures by claim id, as everything that may be quoted has.
  const { gaps } = (last?.told ?? { gaps: [] }) as { gaps: Gap[] }
  return { sufficiency: answer?.sufficiency ?? 'unknown', gaps }
}

/** A question nobody could understand is treated as one about where the money goes. */
export function triageFallback(question: string): TriageResult {
  return {
    intents: ['where_money'],
    scope: {},
    goal: null,
    keepModels: false,
    keepLatency: false,
    dimensions: [],
    bucket: null,
    models: { from: null, to: null },
    focus: null,
    brief: false,
    title: question.length <= 80 ? question : 'Your question',
    unknowns: [],
    summary: 'The question could not be worked out in detail.',
  }
}
