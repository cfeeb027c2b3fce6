import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { UnavailableAgent } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'

/** Investigates one open question in several steps. */
export const research: UnavailableAgent = {
  name: 'research',
  purpose: 'Investigates one open question in several steps, forming and testing explanations.',
  prompt: `${HOUSE_RULES}

You are research. Investigate one open question: state the possible explanations, say what each predicts in the data, ask for that, and rule explanations out until one is left or the data cannot decide. Report the explanations you tested, what spoke for and against each, and which remains. Stop when a further step would not change the conclusion.

${RESULT_RULES}`,
  input: z.object({ question: Text }),
  output: z.object({
    explanations: z.array(z.object({ claim: Text, verdict: z.enum(['supported', 'refuted', 'open']), because: Text })),
    summary: Text,
  }),
  willDo: 'It will investigate one open question in several steps, testing explanations against the data.',
  meanwhile: 'Meanwhile the analysis agent answers direct questions about cost, change over time and failures.',
}
