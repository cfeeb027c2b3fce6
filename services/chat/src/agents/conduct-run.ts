import type { ReportKind } from '@apex/protocol/report'
import { isOffline } from '../models/language-model.ts'
import type { UnavailableAgent } from './agent.ts'
import { runAgent } from './agent-loop.ts'
import { Conductor } from './conductor.ts'
import { durableStep } from './durable-step.ts'
import { agentCompleted, agentStarted, agentThinking, type Invocation } from './invocation.ts'
import { addressedUnavailable } from './registry.ts'
import { reportRun } from './report-run.ts'
import { allowedAgents, clampRoute } from './route.ts'
import type { RunContext } from './run-context.ts'
import { type ConductorDeps, RunDesk } from './run-desk.ts'
import { type RunFindings, sufficiencyOf, triageFallback } from './run-findings.ts'
import { type RoutableAgent, supervisor } from './supervisor.ts'
import { triage } from './triage.ts'
import { noteFailures, workAgent } from './work-agents.ts'

export type { ConductorDeps } from './run-desk.ts'

/**
 * Conducts a run from its question to its published report and says of which kind that is and what the models cost.
 * Agents and tools may fail: the reporter still answers. Only the run's own end (stop, deadline, lost fence) is thrown.
 */
export async function conductRun(
  context: RunContext,
  deps: ConductorDeps,
): Promise<{ reportKind: ReportKind; costUsd: string | null }> {
  const desk = new RunDesk(context, deps)
  const invocation = desk.invoke(supervisor)
  const startedMs = await open(desk, invocation)
  const conductor = new Conductor(desk, invocation)
  const unavailable = addressedUnavailable(context.facts.question)
  for (const agent of unavailable) await declare(desk, invocation, agent)
  const findings = await understand(conductor, unavailable)
  const route = await chooseRoute(conductor, findings)
  for (const agent of route) await workAgent(conductor, findings, agent)
  const reportKind = await reportRun(conductor, findings)
  await close(desk, invocation, startedMs, reportKind)
  return { reportKind, costUsd: desk.costUsd() }
}

async function open(desk: RunDesk, invocation: Invocation): Promise<number> {
  return await durableStep(desk.context, `${invocation.stepPrefix}/open`, async () => ({
    result: desk.clock.nowMs(),
    events: [agentStarted(invocation), agentThinking(invocation, supervisor.firstThought)],
  }))
}

async function close(desk: RunDesk, invocation: Invocation, startedMs: number, kind: ReportKind): Promise<void> {
  await durableStep(desk.context, `${invocation.stepPrefix}/close`, async () => {
    const durationMs = desk.clock.nowMs() - startedMs
    const summary = `Answered with a ${kind} report.`
    return { result: null, events: [agentCompleted(invocation, { outcome: 'completed', summary, durationMs })] }
  })
}

/** Shows an agent the person asked for, and that it cannot work yet. */
async function declare(desk: RunDesk, parent: Invocation, agent: UnavailableAgent): Promise<void> {
  const invocation = desk.invoke(agent, parent.id)
  const summary = `Not available yet. ${agent.willDo} ${agent.meanwhile}`
  await durableStep(desk.context, `${invocation.stepPrefix}/unavailable`, async () => ({
    result: null,
    events: [
      agentStarted(invocation),
      agentThinking(invocation, 'This agent is registered and cannot work yet.'),
      agentCompleted(invocation, { outcome: 'unavailable', summary, durationMs: 0 }),
    ],
  }))
}

async function understand(conductor: Conductor, unavailable: readonly UnavailableAgent[]): Promise<RunFindings> {
  const { question, history, startedAt } = conductor.desk.context.facts
  const end = await conductor.run(triage, { question, history: [...history], now: startedAt })
  const { sufficiency, gaps } = sufficiencyOf(end.toolCalls)
  const findings: RunFindings = {
    triage: end.outcome === 'completed' ? end.output : triageFallback(question),
    sufficiency,
    gaps,
    unavailable: [...unavailable],
    failed: end.outcome === 'failed',
    analysis: null,
    optimizer: null,
    dataHelp: null,
  }
  noteFailures(findings, end.toolCalls, conductor.desk)
  return findings
}

async function chooseRoute(conductor: Conductor, findings: RunFindings): Promise<RoutableAgent[]> {
  const { desk } = conductor
  const { question } = desk.context.facts
  const allowed = allowedAgents(findings.triage, findings.sufficiency)
  const { triage: understood, sufficiency } = findings
  const input = { question, triage: understood, sufficiency, allowed }
  const end = await runAgent(desk, supervisor, input, { invocation: conductor.supervisor, continues: true })
  if (end.outcome === 'completed') return clampRoute(end.output.agents, allowed)
  if (!isOffline(desk.model)) conductor.takeOver()
  return allowed
}
