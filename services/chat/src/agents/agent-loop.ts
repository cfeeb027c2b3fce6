import type { LanguageModelV4Message } from '@ai-sdk/provider'
import type { ModelTurn } from '../models/read-turn.ts'
import { readArguments } from '../tools/call-tool.ts'
import type { Tool } from '../tools/tool.ts'
import type { AgentDefinition } from './agent.ts'
import { durableStep } from './durable-step.ts'
import { GIVE_RESULT } from './house-rules.ts'
import { agentCompleted, agentStarted, agentThinking, type Invocation } from './invocation.ts'
import { modelStep } from './model-step.ts'
import { assistantMessage, nudge, type Observed, openingMessages, toolMessage } from './prompt.ts'
import type { RunEventInput } from './run-context.ts'
import type { RunDesk } from './run-desk.ts'
import { type ToolStepEnd, toolStep } from './tool-step.ts'

const MAX_TURNS = 8
const MAX_TOOL_CALLS = 16

/** How an agent's work ended; with every tool call it made. */
export type AgentEnd<Output> = ({ outcome: 'completed'; output: Output } | { outcome: 'failed'; reason: string }) & {
  toolCalls: MadeCall[]
}
export type MadeCall = { tool: string; end: ToolStepEnd }

export type AgentLoopOptions = {
  invocation: Invocation
  /** Tools made for this run, beside those of the definition. */
  extraTools?: readonly Tool[]
  /** Set when the invocation has already been announced and is completed elsewhere, as the supervisor's is. */
  continues?: boolean
}

/**
 * Lets a model be an agent: a turn of the model is a step, each tool call is a step of its own, and it repeats until a
 * result is given that fits the agent's schema. Neither turns nor calls are unlimited.
 */
export async function runAgent<Input, Output>(
  desk: RunDesk,
  typed: AgentDefinition<Input, Output>,
  input: Input,
  options: AgentLoopOptions,
): Promise<AgentEnd<Output>> {
  const definition = typed as unknown as AgentDefinition
  const loop = new AgentLoop(desk, definition, options)
  const observed = await loop.open()
  const messages = openingMessages(definition, input, observed)
  for (let turn = 1; turn <= MAX_TURNS && loop.toolCalls.length <= MAX_TOOL_CALLS; turn++) {
    const end = await loop.ask(messages, turn)
    if (end.kind === 'failed') return { outcome: 'failed', reason: end.reason, toolCalls: loop.toolCalls }
    if (end.kind === 'result') {
      return { outcome: 'completed', output: end.output as Output, toolCalls: loop.toolCalls }
    }
    messages.push(assistantMessage(end.turn), ...(await loop.answer(end.turn, turn, end.resultProblem)))
  }
  const reason = `${definition.name} gave no usable result within its limit of turns.`
  await loop.giveUp(reason)
  return { outcome: 'failed', reason, toolCalls: loop.toolCalls }
}

/** One agent at work; what it announces stands at the head of whichever step comes first. */
class AgentLoop {
  readonly toolCalls: MadeCall[] = []
  readonly #desk: RunDesk
  readonly #definition: AgentDefinition
  readonly #invocation: Invocation
  readonly #tools: readonly Tool[]
  readonly #continues: boolean
  #lead: readonly RunEventInput[]
  #startedMs: number | undefined

  constructor(desk: RunDesk, definition: AgentDefinition, options: AgentLoopOptions) {
    const { invocation, extraTools = [], continues = false } = options
    this.#desk = desk
    this.#definition = definition
    this.#invocation = invocation
    this.#tools = [...definition.tools, ...extraTools]
    this.#continues = continues
    this.#lead = continues ? [] : [agentStarted(invocation), agentThinking(invocation, definition.firstThought)]
  }

  /** Makes the calls that no model may leave out. */
  async open(): Promise<Observed[]> {
    const observed: Observed[] = []
    for (const call of this.#definition.opening) {
      const { told } = await this.#callTool(call, `open-${observed.length + 1}`)
      observed.push({ ...call, result: told })
    }
    return observed
  }

  async ask(messages: LanguageModelV4Message[], turn: number): ReturnType<typeof modelStep> {
    const end = await modelStep({
      desk: this.#desk,
      definition: this.#definition,
      invocation: this.#invocation,
      stepId: `${this.#invocation.stepPrefix}/turn-${turn}`,
      messages,
      lead: this.#takeLead(),
      startedMs: this.#startedMs,
      completes: !this.#continues,
    })
    this.#startedMs ??= end.atMs
    return end
  }

  /** Runs what the model asked for and gives the messages that tell it what came of it. */
  async answer(turn: ModelTurn, turnNumber: number, resultProblem: string | null): Promise<LanguageModelV4Message[]> {
    const calls = turn.parts.filter((part) => part.type === 'tool-call')
    if (calls.length === 0) return [nudge(`Call a tool. When you are done, call ${GIVE_RESULT} with your result.`)]
    const results = []
    for (const [index, { toolCallId, toolName, input }] of calls.entries()) {
      if (toolName === GIVE_RESULT) {
        const result = { error: `The result does not fit: ${resultProblem ?? 'give it alone, after the other calls'}` }
        results.push({ toolCallId, toolName, result, failed: true })
      } else if (this.toolCalls.length >= MAX_TOOL_CALLS) {
        const result = { error: `No more tool calls; call ${GIVE_RESULT} with what is known.` }
        results.push({ toolCallId, toolName, result, failed: true })
      } else {
        const request = { tool: toolName, arguments: readArguments(input) }
        const { told, failed } = await this.#callTool(request, `turn-${turnNumber}-call-${index + 1}`)
        results.push({ toolCallId, toolName, result: told, failed })
      }
    }
    return [toolMessage(results)]
  }

  async giveUp(summary: string): Promise<void> {
    if (this.#continues) return
    await durableStep(this.#desk.context, `${this.#invocation.stepPrefix}/gave-up`, async () => {
      const durationMs = this.#desk.clock.nowMs() - (this.#startedMs ?? this.#desk.clock.nowMs())
      return { result: null, events: [agentCompleted(this.#invocation, { outcome: 'failed', summary, durationMs })] }
    })
  }

  async #callTool(request: { tool: string; arguments: MadeArguments }, name: string): Promise<ToolStepEnd> {
    const end = await toolStep({
      desk: this.#desk,
      invocation: this.#invocation,
      stepId: `${this.#invocation.stepPrefix}/${name}`,
      tools: this.#tools,
      request,
      lead: this.#takeLead(),
    })
    this.#startedMs ??= end.atMs
    this.toolCalls.push({ tool: request.tool, end })
    return end
  }

  #takeLead(): readonly RunEventInput[] {
    const lead = this.#lead
    this.#lead = []
    return lead
  }
}

type MadeArguments = ReturnType<typeof readArguments>
