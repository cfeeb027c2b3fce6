import type { AgentName } from '@apex/protocol/agent'
import type { Json } from '@apex/protocol/text'
import type { z } from 'zod'
import type { Tool } from '../tools/tool.ts'

/** A tool call the harness makes itself before it asks the model, so that it never depends on one. */
export type OpeningCall = { tool: string; arguments: Record<string, Json> }

/** An agent as data: what it is for, how a model is told to be it, what it may call, and what goes in and comes out. */
export type AgentDefinition<Input = unknown, Output = unknown> = {
  name: AgentName
  /** One sentence for people. */
  purpose: string
  /** The system prompt. */
  prompt: string
  tools: readonly Tool[]
  input: z.ZodType<Input>
  output: z.ZodType<Output>
  opening: readonly OpeningCall[]
  /** What it is doing as it begins, in one sentence for the timeline. */
  firstThought: string
}

/** An agent that is registered and cannot work yet: what it will do and what answers meanwhile. */
export type UnavailableAgent = {
  name: AgentName
  purpose: string
  prompt: string
  input: z.ZodType
  output: z.ZodType
  willDo: string
  meanwhile: string
}
