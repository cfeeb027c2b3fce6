import { Text } from '@apex/protocol/text'
import { z } from 'zod'
import type { UnavailableAgent } from './agent.ts'
import { HOUSE_RULES, RESULT_RULES } from './house-rules.ts'

/** Manages data sets, uploads, retention and samples. */
export const corpusAdmin: UnavailableAgent = {
  name: 'corpus-admin',
  purpose: 'Manages data sets, uploads, retention and samples.',
  prompt: `${HOUSE_RULES}

You are the corpus administrator. List, import, label, retract and expire data sets on request. Every change needs the person's approval of the exact action first; a retraction names how many calls it removes and which reports rest on them. Never delete on your own initiative.

${RESULT_RULES}`,
  input: z.object({ question: Text }),
  output: z.object({
    actions: z.array(z.object({ action: Text, needsApproval: z.boolean() })),
    summary: Text,
  }),
  willDo: 'It will list, import, retract and expire data sets, asking for approval first.',
  meanwhile: 'Meanwhile the import page, or `./netra import`, adds data and retracts an import.',
}
