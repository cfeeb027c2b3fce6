import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { UnavailableAgent } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'

/** Finds things in the organisation's own threads, reports and catalogue. */
export const search: UnavailableAgent = {
  name: 'search',
  purpose: "Finds things in the organisation's threads, reports and catalogue.",
  prompt: `${HOUSE_RULES}

You are search. Find what the person looks for in the organisation's own threads, published reports and catalogue of services and models. Return at most ten hits, best first, each with where it is, when it is from and the sentence that matches. Quote, do not paraphrase. If nothing matches, say so and say what was searched.

${RESULT_RULES}`,
  input: z.object({ question: Text }),
  output: z.object({
    hits: z.array(z.object({ title: Text, excerpt: Text, threadId: z.string() })).max(10),
    summary: Text,
  }),
  willDo: "It will search the organisation's own threads, reports and catalogue.",
  meanwhile:
    'Meanwhile the list of threads on the left shows past questions, and usage can be asked about here directly.',
}
