import { z } from 'zod'
import { AgentCompleted } from './events/agent-completed.ts'
import { AgentStarted } from './events/agent-started.ts'
import { AgentThinking } from './events/agent-thinking.ts'
import { AttemptSuperseded } from './events/attempt-superseded.ts'
import { Envelope } from './events/envelope.ts'
import { MessagePosted } from './events/message-posted.ts'
import { ReportPublished } from './events/report-published.ts'
import { RunFinished } from './events/run-finished.ts'
import { RunQueued } from './events/run-queued.ts'
import { RunStarted } from './events/run-started.ts'
import { TextDelta } from './events/text-delta.ts'
import { ThreadRenamed } from './events/thread-renamed.ts'
import { ToolCompleted } from './events/tool-completed.ts'
import { ToolExecuting } from './events/tool-executing.ts'

/** The type and payload of an event, before the log gives it a position. */
export const EventBody = z.discriminatedUnion('type', [
  MessagePosted,
  RunQueued,
  RunStarted,
  AgentStarted,
  AgentThinking,
  ToolExecuting,
  ToolCompleted,
  TextDelta,
  AttemptSuperseded,
  AgentCompleted,
  ReportPublished,
  RunFinished,
  ThreadRenamed,
])
export type EventBody = z.output<typeof EventBody>
export type EventType = EventBody['type']

/** One event of a thread's log as every client sees it. */
export const ThreadEvent = z.intersection(Envelope, EventBody)
export type ThreadEvent = Envelope & EventBody

/** The five live event types that every completed run shows. */
export const FIVE_EVENTS = [
  'agent_started',
  'agent_thinking',
  'tool_executing',
  'tool_completed',
  'agent_completed',
] as const satisfies EventType[]
