import { z } from 'zod'

/** The name of a durable stream: `thread:<uuid>`; `user:<id>` carries the thread list's changes. */
export const StreamName = z.string().regex(/^(thread:[0-9a-f-]{36}|user:[\w-]{1,128})$/)
export type StreamName = z.output<typeof StreamName>

/** The last event a reader holds; 0 before the first. */
export const Position = z.object({ epoch: z.int().positive(), seq: z.int().nonnegative() })
export type Position = z.output<typeof Position>
