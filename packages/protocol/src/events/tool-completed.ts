import { z } from 'zod'
import { Problem } from '../error.ts'
import { Text } from '../text.ts'

/** The tool answered or failed; a failure need not fail the run. */
export const ToolCompleted = z.object({
  type: z.literal('tool_completed'),
  payload: z.object({
    tool: z.string(),
    outcome: z.enum(['ok', 'error']),
    /** One line for the timeline, such as `7 rows`. */
    summary: Text,
    durationMs: z.number().nonnegative(),
    rowCount: z.int().nonnegative().optional(),
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
export type ToolCompleted = z.output<typeof ToolCompleted>
