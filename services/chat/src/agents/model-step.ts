import type { LanguageModelV4Message } from '@ai-sdk/provider'
import type { ModelUsage } from '@apex/protocol/agent'
import type { z } from 'zod'
import { ModelFailedError, type ModelTurn, readTurn } from '../models/read-turn.ts'
import { readArguments } from '../tools/call-tool.ts'
import type { AgentDefinition } from './agent.ts'
import { durableStep } from './durable-step.ts'
import { withHeartbeat } from './heartbeat.ts'
import { GIVE_RESULT } from './house-rules.ts'
import { agentCompleted, agentThinking, type Invocation } from './invocation.ts'
import { callWithTools } from './prompt.ts'
import type { RunEventInput, StepContext } from './run-context.ts'
import type { RunDesk } from './run-desk.ts'
import { timelineText } from './timeline-text.ts'

/** How long one turn of a model may take. */
export const MODEL_STEP_MS = 120_000

/** What one turn of a model came to. */
export type ModelStepEnd =
  | { kind: 'turn'; turn: ModelTurn; resultProblem: string | null; atMs: number }
  | { kind: 'result'; output: unknown; usage: ModelUsage; atMs: number }
  | { kind: 'failed'; reason: string; atMs: number }

export type ModelStepOptions = {
  desk: RunDesk
  definition: AgentDefinition
  invocation: Invocation
  stepId: string
  messages: LanguageModelV4Message[]
  lead: readonly RunEventInput[]
  /** When the invocation's first step began, if this is not it. */
  startedMs: number | undefined
  /** Whether the agent's work ends with its result; the supervisor's goes on. */
  completes: boolean
}

/** Runs one turn of a model as a durable step; the turn that gives a valid result also completes the agent. */
export async function modelStep(options: ModelStepOptions): Promise<ModelStepEnd> {
  const { desk, definition, stepId, lead } = options
  const { model, clock } = desk
  const end = await durableStep<ModelStepEnd>(desk.context, stepId, async (step) => {
    const atMs = clock.nowMs()
    if (lead.length > 0) await step.append(lead)
    const call = callWithTools(definition, options.messages)
    const work = readTurn({ model, call, signal: step.signal, stepMs: MODEL_STEP_MS })
    try {
      const turn = await withHeartbeat(work, clock, () => beat(options, step))
      return endOfTurn(options, turn, atMs)
    } catch (error) {
      if (!(error instanceof ModelFailedError)) throw error
      desk.log.warn({ error, agent: definition.name }, 'model call failed')
      const reason = error.message
      const events = options.completes ? [completed(options, 'failed', reason, atMs)] : []
      return { result: { kind: 'failed', reason, atMs }, events }
    }
  })
  if (end.kind === 'turn') desk.addCost(end.turn.usage.costUsd)
  if (end.kind === 'result') desk.addCost(end.usage.costUsd)
  return end
}

function endOfTurn(
  options: ModelStepOptions,
  turn: ModelTurn,
  atMs: number,
): { result: ModelStepEnd; events: RunEventInput[] } {
  const { desk, definition, invocation } = options
  const words = turn.parts.filter(({ type }) => type === 'text' || type === 'reasoning')
  const said = words.map((part) => ('text' in part ? part.text : '')).join('\n')
  const rules = desk.gateRules()
  const thought = timelineText(said, rules) ?? nextAction(turn)
  const given = readResult(definition.output, turn)
  if (given === undefined || 'problem' in given) {
    const resultProblem = given?.problem ?? null
    return {
      result: { kind: 'turn', turn, resultProblem, atMs },
      events: [agentThinking(invocation, thought, turn.usage)],
    }
  }
  const summary = timelineText(summaryOf(given.output), rules) ?? `${definition.name} is done.`
  const ended = options.completes
    ? [agentThinking(invocation, thought), completed(options, 'completed', summary, atMs, turn.usage)]
    : [agentThinking(invocation, summary, turn.usage)]
  return { result: { kind: 'result', output: given.output, usage: turn.usage, atMs }, events: ended }
}

/** The result a model gave, parsed; undefined when it gave none, its problem when it does not fit. */
function readResult(output: z.ZodType, turn: ModelTurn): { output: unknown } | { problem: string } | undefined {
  const call = turn.parts.find((part) => part.type === 'tool-call' && part.toolName === GIVE_RESULT)
  if (call?.type !== 'tool-call') return undefined
  const parsed = output.safeParse(readArguments(call.input))
  if (parsed.success) return { output: parsed.data }
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'result'}: ${message}`)
  return { problem: issues.join('; ') }
}

function nextAction(turn: ModelTurn): string {
  const calls = turn.parts.flatMap((part) => (part.type === 'tool-call' ? [part.toolName] : []))
  const tools = [...new Set(calls)].filter((name) => name !== GIVE_RESULT && /^[a-z_]{1,60}$/.test(name))
  return tools.length > 0 ? `Asking ${tools.join(', ')}.` : 'Putting the result together.'
}

function summaryOf(output: unknown): string {
  const { summary } = (output ?? {}) as { summary?: unknown }
  return typeof summary === 'string' ? summary : ''
}

function completed(
  options: ModelStepOptions,
  outcome: 'completed' | 'failed',
  summary: string,
  atMs: number,
  usage?: ModelUsage,
): RunEventInput {
  const { desk, invocation, startedMs } = options
  const durationMs = desk.clock.nowMs() - (startedMs ?? atMs)
  return agentCompleted(invocation, { outcome, summary, durationMs }, usage)
}

async function beat(options: ModelStepOptions, step: StepContext): Promise<void> {
  await step.append([agentThinking(options.invocation, 'The model is still working on this.')])
}
