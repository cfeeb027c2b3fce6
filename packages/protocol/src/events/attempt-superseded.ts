import { z } from 'zod'
import { Text } from '../text.ts'

/** A step is tried again: what its earlier attempt appended no longer counts. */
export const AttemptSuperseded = z.object({
  type: z.literal('attempt_superseded'),
  payload: z.object({
    supersededStepId: z.string(),
    supersededAttempt: z.int().positive(),
    /** Events of that step and attempt are withdrawn from every view. */
    reason: Text,
  }),
})
export type AttemptSuperseded = z.output<typeof AttemptSuperseded>
