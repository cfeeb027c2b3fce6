import { systemClock } from '@apex/kit/clock'
import { createLog } from '@apex/kit/log'
import type { AgentName } from '@apex/protocol/agent'
import type { LanguageModel } from '../../models/language-model.ts'
import { createOfflineAnalyst } from '../../models/offline-analyst/offline-analyst.ts'
import type { AnalyticsPort } from '../../tools/analytics-port.ts'
import { conductRun } from '../conduct-run.ts'
import type { RunFacts } from '../run-context.ts'
import { MemoryAnalytics } from './memory-analytics.ts'
import { MemoryRun } from './memory-run.ts'

const log = createLog({ service: 'chat', level: 'silent' })

export type AskOptions = {
  analytics?: AnalyticsPort
  model?: LanguageModel
  history?: RunFacts['history']
  run?: MemoryRun
}

/** Conducts a run in memory to its end. */
export async function ask(question: string, options: AskOptions = {}) {
  const { analytics = new MemoryAnalytics(), model = createOfflineAnalyst(), history = [] } = options
  const run = options.run ?? new MemoryRun({ question, history })
  const ended = await conductRun(run.context(), { analytics, model, log, clock: systemClock })
  return { run, ended, report: run.report(), text: run.text() }
}

/** The agents of a run in the order in which they began. */
export function agentsOf(run: MemoryRun): AgentName[] {
  return run.shown().flatMap((event) => (event.type === 'agent_started' && event.agent ? [event.agent] : []))
}

/** The tools a run called, in order, with how each ended. */
export function toolsOf(run: MemoryRun): string[] {
  return run
    .shown()
    .flatMap((event) => (event.type === 'tool_completed' ? [`${event.payload.tool} ${event.payload.outcome}`] : []))
}
