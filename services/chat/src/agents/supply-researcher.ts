import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { UnavailableAgent } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'

/** Knows what providers sell: models, prices, limits and alternatives. */
export const supplyResearcher: UnavailableAgent = {
  name: 'supply-researcher',
  purpose: 'Knows models, prices, limits and alternatives on the market.',
  prompt: `${HOUSE_RULES}

You are the supply researcher. Answer what providers sell: models, dated prices by token class, context and rate limits, regions, deprecations, and which alternatives exist for a given use. Name the source and date of every statement; when sources disagree, show both.

${RESULT_RULES}`,
  input: z.object({ question: Text, models: z.array(z.string()) }),
  output: z.object({
    offers: z.array(z.object({ model: z.string(), statement: Text, source: Text, asOf: z.string() })),
    summary: Text,
  }),
  willDo: 'It will look up models, dated prices, limits and alternatives with their sources.',
  meanwhile: 'Meanwhile the optimiser compares what your own tokens would cost on other models of the price book.',
}
