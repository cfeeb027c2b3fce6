import { Answer } from '@apex/protocol/question'
import { ReportKind } from '@apex/protocol/report'
import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { AgentDefinition } from './agent.ts'
import { AnalysisResult } from './analysis.ts'
import { OptimizerResult } from './apex-optimizer.ts'
import { DataHelperResult } from './data-helper.ts'
import { HOUSE_RULES } from './house-rules.ts'
import { Sufficiency } from './supervisor.ts'
import { TriageResult, Turn } from './triage.ts'

/** The evidence of the run as the reporter reads it; what it may quote is in `figures`, by id. */
const DossierEvidence = Answer.pick({
  question: true,
  params: true,
  coverage: true,
  columns: true,
  rows: true,
  findings: true,
  gaps: true,
}).extend({
  figures: z.array(
    z.object({
      id: z.string(),
      key: z.string(),
      label: Text,
      value: z.string(),
      unit: z.string(),
      display: z.string(),
    }),
  ),
})

/** Everything the run found out, for whoever writes the answer. */
export const Dossier = z.object({
  question: Text,
  history: z.array(Turn),
  kind: ReportKind,
  sufficiency: Sufficiency,
  triage: TriageResult,
  analysis: AnalysisResult.nullable(),
  optimizer: OptimizerResult.nullable(),
  dataHelp: DataHelperResult.nullable(),
  evidence: z.array(DossierEvidence),
  /** What the answer cannot know, one sentence each. */
  unknowns: z.array(Text),
  /** What to do next, best first. */
  nextSteps: z.array(Text),
  /** Agents the person asked for that cannot work yet. */
  unavailable: z.array(z.object({ agent: z.string(), willDo: Text, meanwhile: Text })),
})
export type Dossier = z.output<typeof Dossier>

/** Writes the answer: the person always gets value. Its output is the Markdown it streams. */
export const reporter: AgentDefinition<Dossier, string> = {
  name: 'reporter',
  purpose: 'Writes the answer so that the person always gets something of value.',
  prompt: `${HOUSE_RULES}

You are the reporter. Write the answer in Markdown from the dossier and nothing else. The person always gets value.
Order, leaving out what does not apply:
1. The first lines answer the question with its figure. No heading above them, no introduction.
2. "## Where the money goes": a short table with figures, one sentence on what stands out.
3. "## What to change": ranked by saving; for each the saving alone, the risk, and how to apply it in concrete steps. Then what the changes give together, which is never the sum, and whether the goal is reached.
4. "## What would lose money": each lever whose saving is negative, named as a loss.
5. "## What is not known": every entry of \`unknowns\` that matters here, in your words.
6. "## Next steps" and "## How to verify".
A brief question gets two or three sentences. With kind guidance, say exactly what to connect and how, from \`dataHelp\`. Out of scope: say what this product is for, what can be asked about this data, and give examples; state no figure. If agents the person asked for are unavailable, say so first, what they will do and what can answer meanwhile, then still answer what you can.
Write only Markdown: no preamble, no closing remark.`,
  tools: [],
  input: Dossier,
  output: z.string(),
  opening: [],
  firstThought: 'Writing the answer; a sentence shows once its figures are covered.',
}
