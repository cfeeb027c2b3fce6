import type { AgentInfo, AgentName } from '@apex/protocol/agent'
import type { AgentDefinition, UnavailableAgent } from './agent.ts'
import { analysis } from './analysis.ts'
import { apexOptimizer } from './apex-optimizer.ts'
import { corpusAdmin } from './corpus-admin.ts'
import { dataHelper } from './data-helper.ts'
import { reporter } from './reporter.ts'
import { research } from './research.ts'
import { search } from './search.ts'
import { supervisor } from './supervisor.ts'
import { supplyResearcher } from './supply-researcher.ts'
import { triage } from './triage.ts'
import { CHECK_FIGURES, validation } from './validation.ts'

/** Agents that work. */
export const WORKING_AGENTS = [
  supervisor,
  triage,
  dataHelper,
  analysis,
  apexOptimizer,
  validation,
  reporter,
] as unknown as readonly AgentDefinition[]

/** Agents that are registered and cannot work yet. */
export const UNAVAILABLE_AGENTS: readonly UnavailableAgent[] = [search, research, supplyResearcher, corpusAdmin]

/** All eleven agents as the outside sees them, working ones first. */
export function agentInfos(): AgentInfo[] {
  const working = WORKING_AGENTS.map(({ name, purpose, tools }): AgentInfo => {
    const own = tools.map((tool) => ({ name: tool.name, purpose: tool.description }))
    const checking = { name: CHECK_FIGURES, purpose: 'Asks the question behind every figure again and compares.' }
    return { name, purpose, available: true, tools: name === validation.name ? [checking] : own }
  })
  const unavailable = UNAVAILABLE_AGENTS.map(
    ({ name, purpose, willDo, meanwhile }): AgentInfo => ({
      name,
      purpose,
      available: false,
      unavailableReason: `Not available yet. ${willDo} ${meanwhile}`,
      tools: [],
    }),
  )
  return [...working, ...unavailable]
}

/** The agents a person addresses by name and that cannot work yet: `@search`, "ask the research agent". */
export function addressedUnavailable(question: string): UnavailableAgent[] {
  return UNAVAILABLE_AGENTS.filter(({ name }) => isAddressed(question, name))
}

function isAddressed(question: string, name: AgentName): boolean {
  const spelled = name.replace('-', '[-\\s]')
  return new RegExp(
    `(?<![\\w@.])@${spelled}\\b|\\b(?:ask|use|call|run|let|have|tell)\\s+(?:the\\s+)?${spelled}(?:\\s+agent\\b|(?=\\s+(?:to|for|about|whether|what|which|how)\\b))|\\b${spelled}\\s+agent\\b`,
    'i',
  ).test(question)
}
