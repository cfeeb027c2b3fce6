import type { RoutableAgent, Sufficiency } from './supervisor.ts'
import type { Intent, TriageResult } from './triage.ts'

const WITHOUT_DATA: readonly Intent[] = ['greeting', 'about', 'out_of_scope']
const ABOUT_SAVING: readonly Intent[] = ['cut_cost', 'model_choice', 'caching', 'batch']

/** Whether every part of the question can be answered without looking at usage. */
export function needsNoData(triage: TriageResult): boolean {
  return triage.intents.every((intent) => WITHOUT_DATA.includes(intent) || intent === 'conversation_cost')
}

/**
 * The agents a question may go to after triage, in the order in which they run: it depends on the question and on the
 * data, and the reporter is always last.
 */
export function allowedAgents(triage: TriageResult, sufficiency: Sufficiency): RoutableAgent[] {
  if (needsNoData(triage)) return ['reporter']
  if (sufficiency === 'insufficient') return ['data-helper', 'reporter']
  const asksForHelp = triage.intents.includes('data_help')
  if (asksForHelp && triage.intents.length === 1) return ['data-helper', 'reporter']
  const savings = triage.intents.some((intent) => ABOUT_SAVING.includes(intent))
  return [
    ...(asksForHelp ? (['data-helper'] as const) : []),
    'analysis',
    ...(savings ? (['apex-optimizer'] as const) : []),
    'validation',
    'reporter',
  ]
}

/** A supervisor's choice, held to what is allowed: nothing else, in order, with what may not be left out. */
export function clampRoute(chosen: readonly RoutableAgent[], allowed: readonly RoutableAgent[]): RoutableAgent[] {
  const wanted = new Set<RoutableAgent>([...chosen, 'reporter'])
  // Data help is the whole answer when nothing else may run, and figures are never shown unchecked.
  if (allowed.includes('data-helper') && !allowed.includes('analysis')) wanted.add('data-helper')
  if (allowed.includes('analysis')) wanted.add('analysis')
  if (allowed.includes('validation')) wanted.add('validation')
  return allowed.filter((agent) => wanted.has(agent))
}
