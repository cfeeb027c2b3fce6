import { z } from 'zod'
import { Json } from '../text.ts'

/** A tool is called with these arguments. */
export const ToolExecuting = z.object({
  type: z.literal('tool_executing'),
  payload: z.object({ tool: z.string(), arguments: z.record(z.string(), Json) }),
})
export type ToolExecuting = z.output<typeof ToolExecuting>
