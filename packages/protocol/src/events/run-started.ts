import { z } from 'zod'
import { Id, Instant } from '../id.ts'
import { Text } from '../text.ts'

/** A worker holds the run and begins. */
export const RunStarted = z.object({
  type: z.literal('run_started'),
  payload: z.object({
    replyMessageId: Id,
    deadlineAt: Instant,
    /** The answering model; `offline-analyst` when no provider is configured. */
    model: z.string(),
    offline: z.boolean(),
    question: Text,
  }),
})
export type RunStarted = z.output<typeof RunStarted>
