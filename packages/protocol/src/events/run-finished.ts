import { z } from 'zod'
import { Problem } from '../error.ts'
import { RunOutcome } from '../run.ts'
import { Text } from '../text.ts'

/** The run ended; nothing of this run follows. */
export const RunFinished = z.object({
  type: z.literal('run_finished'),
  payload: z.object({
    outcome: RunOutcome,
    reason: Text,
    durationMs: z.number().nonnegative(),
    /** Sum over the model calls; null when one of them has no known rate. */
    costUsd: z.string().nullable(),
    /** Which of the five event types the run lacked; must be empty for a completed run. */
    missingEvents: z.array(z.string()),
    error: Problem.pick({
      code: true,
      title: true,
      detail: true,
      retryable: true,
      charged: true,
      requestId: true,
    }).optional(),
  }),
})
export type RunFinished = z.output<typeof RunFinished>
