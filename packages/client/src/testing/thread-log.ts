import type { AgentName } from '@apex/protocol/agent'
import { type EventBody, ThreadEvent } from '@apex/protocol/thread-event'

type Placement = Partial<
  Pick<ThreadEvent, 'runId' | 'stepId' | 'attempt' | 'invocationId' | 'messageId' | 'toolCallId' | 'usage'>
> & {
  agent?: AgentName
}

/** A UUID that is the same for the same number, so that a failing case reads well. */
export function uuid(number: number): string {
  return `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** Writes a thread's log as the chat service does: positions without holes, one epoch, valid by the schema. */
export class ThreadLog {
  readonly threadId: string
  readonly epoch: number
  readonly events: ThreadEvent[] = []

  constructor(threadId: string = uuid(1), epoch = 1) {
    this.threadId = threadId
    this.epoch = epoch
  }

  /** Appends one event and returns it. */
  append(body: EventBody, placement: Placement = {}): ThreadEvent {
    const seq = this.events.length + 1
    const event = ThreadEvent.parse({
      ...placement,
      ...body,
      seq,
      epoch: this.epoch,
      eventId: uuid(0xe000 + seq),
      threadId: this.threadId,
      time: new Date(Date.UTC(2026, 0, 1) + seq * 10).toISOString(),
      correlationId: 'test',
    })
    this.events.push(event)
    return event
  }

  /** A whole run of the shape a good answer has: five event types, text with one figure, a report, an end. */
  appendRun(number: number, question = 'Where does the money go?', given: { messageId?: string } = {}): string {
    const runId = uuid(0x100 * number)
    const messageId = given.messageId ?? uuid(0x100 * number + 1)
    const replyMessageId = uuid(0x100 * number + 2)
    const invocationId = uuid(0x100 * number + 3)
    const triage = { runId, invocationId, agent: 'triage' as const, stepId: 'triage', attempt: 1 }
    const reporter = { runId, messageId: replyMessageId, stepId: 'report', attempt: 1 }
    this.append(posted(question), { runId, messageId })
    this.append({ type: 'run_queued', payload: { ahead: 0, reason: 'Waiting for a worker.' } }, { runId })
    this.append(started(replyMessageId, question), { runId })
    this.append({ type: 'agent_started', payload: { purpose: 'Reads the question.' } }, triage)
    this.append({ type: 'agent_thinking', payload: { text: 'Is the data enough?' } }, triage)
    const call = { ...triage, toolCallId: `call-${number}` }
    this.append({ type: 'tool_executing', payload: { tool: 'data_sufficiency', arguments: { scope: {} } } }, call)
    this.append(
      {
        type: 'tool_completed',
        payload: { tool: 'data_sufficiency', outcome: 'ok', summary: 'sufficient', durationMs: 12 },
      },
      call,
    )
    this.append(
      { type: 'agent_completed', payload: { outcome: 'completed', summary: 'Sufficient.', durationMs: 20 } },
      triage,
    )
    this.append({ type: 'text_delta', payload: { text: 'You spent ', figures: [] } }, reporter)
    const figures = [{ offset: 0, length: 5, claimId: 'total' }]
    this.append({ type: 'text_delta', payload: { text: '$1.50.', figures } }, reporter)
    this.append(published(this.threadId, runId, replyMessageId), reporter)
    this.append(finished('completed'), { runId })
    return runId
  }
}

export function posted(text: string): EventBody {
  return { type: 'message_posted', payload: { author: 'user', text, parentMessageId: null, userId: 'user-1' } }
}

export function started(replyMessageId: string, question: string): EventBody {
  const deadlineAt = '2026-01-01T00:10:00.000Z'
  return {
    type: 'run_started',
    payload: { replyMessageId, deadlineAt, model: 'offline-analyst', offline: true, question },
  }
}

export function finished(outcome: 'completed' | 'stopped' | 'failed'): EventBody {
  const reason = { completed: 'Answered.', stopped: 'You stopped it.', failed: 'The database was away.' }[outcome]
  return { type: 'run_finished', payload: { outcome, reason, durationMs: 250, costUsd: '0', missingEvents: [] } }
}

export function published(threadId: string, runId: string, messageId: string): EventBody {
  const claim = {
    id: 'total',
    label: 'Total cost',
    value: '1.5',
    unit: 'USD' as const,
    rounding: { places: 2 },
    display: '$1.50',
    question: 'overview' as const,
    params: { scope: {} },
    figureKey: 'cost.total',
    dataVersion: { watermark: 1, priceVersion: 'genai-prices@0.1.8' },
    rows: [{ cost: '1.5' }],
    rowCount: 1,
    formula: 'sum of cost over all calls',
  }
  return {
    type: 'report_published',
    payload: {
      report: {
        runId,
        threadId,
        messageId,
        kind: 'full',
        title: 'Where the money goes',
        text: 'You spent $1.50.',
        figures: [{ offset: 10, length: 5, claimId: 'total' }],
        claims: [claim],
        unknowns: [],
        nextSteps: ['Ask for a breakdown by model.'],
        model: 'offline-analyst',
        offline: true,
        containsSampleData: false,
        publishedAt: '2026-01-01T00:00:01.000Z',
      },
    },
  }
}
