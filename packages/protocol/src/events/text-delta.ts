import { z } from 'zod'
import { FigureSpan } from '../claim.ts'
import { Text } from '../text.ts'

/** A piece of the reply, in order; figures carry their claims. */
export const TextDelta = z.object({
  type: z.literal('text_delta'),
  payload: z.object({
    text: Text,
    /** Offsets count from the start of this piece. */
    figures: z.array(FigureSpan),
  }),
})
export type TextDelta = z.output<typeof TextDelta>
