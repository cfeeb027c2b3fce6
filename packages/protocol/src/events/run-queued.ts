import { z } from 'zod'
import { Text } from '../text.ts'

/** A run is accepted and waits for its turn; the reason is shown. */
export const RunQueued = z.object({
  type: z.literal('run_queued'),
  payload: z.object({
    /** Runs of the same person ahead of it. */
    ahead: z.int().nonnegative(),
    reason: Text,
  }),
})
export type RunQueued = z.output<typeof RunQueued>
