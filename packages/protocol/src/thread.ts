import { z } from 'zod'
import { FigureSpan } from './claim.ts'
import { Id, Instant } from './id.ts'
import { Text } from './text.ts'

/** The longest message a person may send, in UTF-16 units. */
export const MAX_MESSAGE_LENGTH = 32_000

/** What a person typed: normalised, not blank, bounded. */
export const MessageText = Text.pipe(
  z
    .string()
    .max(MAX_MESSAGE_LENGTH, `must be at most ${MAX_MESSAGE_LENGTH} characters`)
    .refine((text) => text.trim().length > 0, 'must not be empty'),
)

/** One conversation in the list. */
export const Thread = z.object({
  id: Id,
  title: Text,
  epoch: z.int().positive(),
  /** The position of its newest event. */
  lastSeq: z.int().nonnegative(),
  activeRunId: Id.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Thread = z.output<typeof Thread>

/** One message; branches share a parent. */
export const Message = z.object({
  id: Id,
  threadId: Id,
  parentMessageId: Id.nullable(),
  author: z.enum(['user', 'assistant']),
  kind: z.enum(['question', 'reply', 'report']),
  text: Text,
  figures: z.array(FigureSpan),
  runId: Id.nullable(),
  createdAt: Instant,
})
export type Message = z.output<typeof Message>
