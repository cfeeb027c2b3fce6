import { Gap } from '@apex/protocol/question'
import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { AgentDefinition } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'
import { TriageResult } from './triage.ts'

export const DataHelperInput = z.object({
  question: Text,
  triage: TriageResult,
  /** What data_sufficiency found missing. */
  gaps: z.array(Gap),
  /** Whether there is any data at all, and of which time. */
  hasData: z.boolean(),
  covered: z.object({ from: z.string(), to: z.string() }).nullable(),
})
export type DataHelperInput = z.output<typeof DataHelperInput>

/** What to supply, in the order in which it helps. */
export const DataHelperResult = z.object({
  steps: z.array(z.object({ what: Text, why: Text, how: z.array(Text).min(1).max(8) })).max(6),
  summary: Text,
})
export type DataHelperResult = z.output<typeof DataHelperResult>

/** Says what data is missing and exactly how to supply it. */
export const dataHelper: AgentDefinition<DataHelperInput, DataHelperResult> = {
  name: 'data-helper',
  purpose: 'Says what data is missing for an answer and exactly how to supply it.',
  prompt: `${HOUSE_RULES}

You are the data helper. The data does not answer the question. Say what to supply, in the order in which it helps most, why the question needs it, and how to supply it, step by step.
Ways that work today, and no others:
- Import page or \`./netra import <file> --format generic-csv|generic-jsonl|azure-llm|mooncake --model <name>\`; a generic row needs a timestamp, a model, input and output tokens; service, feature, user, conversation, latency, status and cache tokens sharpen the answer. Columns can be mapped.
- The JSON batch endpoint \`POST /api/v1/calls\` with an access token.
- "Load sample data" for a first look; it is generated and labelled as such.
Use the wording of the gaps where they say how.

${RESULT_RULES}`,
  tools: [],
  input: DataHelperInput,
  output: DataHelperResult,
  opening: [],
  firstThought: 'Working out which data is missing and how it can be supplied.',
}
