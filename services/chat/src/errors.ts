import { AppError } from '@apex/kit/app-error'

/** The same command id came with another request: neither is guessed to be the right one. */
export class IdempotencyMismatchError extends AppError {
  override readonly name = 'IdempotencyMismatchError'
  readonly commandId: string

  constructor(commandId: string) {
    super(
      'idempotency_mismatch',
      'This command id was already used for another request, so nothing was done. Send the new request under a new id.',
    )
    this.commandId = commandId
  }
}

/** A message id that is already in the thread came again under another command. */
export class MessageExistsError extends AppError {
  override readonly name = 'MessageExistsError'
  readonly messageId: string

  constructor(messageId: string) {
    super('conflict', 'A message with this id is already in the conversation, so it was not posted twice.')
    this.messageId = messageId
  }
}

/** The message names a parent that the thread does not have. */
export class UnknownParentError extends AppError {
  override readonly name = 'UnknownParentError'
  readonly parentMessageId: string

  constructor(parentMessageId: string) {
    super('unprocessable', 'The message this one follows is not in the conversation. Reload it and send again.')
    this.parentMessageId = parentMessageId
  }
}

/** The person already has as many runs waiting as one person may have. */
export class QueueFullError extends AppError {
  override readonly name = 'QueueFullError'
  readonly limit: number

  constructor(limit: number) {
    super('rate_limited', `${limit} of your questions are already waiting. Wait for one to finish, or stop one.`, {
      retryAfterMs: 10_000,
    })
    this.limit = limit
  }
}

/** The person sends commands faster than the service takes them. */
export class CommandRateError extends AppError {
  override readonly name = 'CommandRateError'

  constructor(retryAfterMs: number) {
    super('rate_limited', 'You are sending requests too quickly. Nothing was done; try again in a moment.', {
      retryAfterMs,
    })
  }
}

/** The person has too many tickets that no socket has used yet. */
export class TicketLimitError extends AppError {
  override readonly name = 'TicketLimitError'

  constructor(limit: number, retryAfterMs: number) {
    super(
      'rate_limited',
      `This session already holds ${limit} unused socket tickets. Use one, or wait until they expire.`,
      {
        retryAfterMs,
      },
    )
  }
}

/**
 * An attempt of a step came too late to append: a newer attempt of the step holds the fence (`superseded`), or the run
 * has ended (`ended`). The work of the attempt counts for nothing; it must stop.
 */
export class StepFencedError extends Error {
  override readonly name = 'StepFencedError'
  readonly code = 'step_fenced'
  readonly retryable = false
  readonly runId: string
  readonly stepId: string
  readonly attempt: number
  readonly reason: 'superseded' | 'ended'

  constructor(facts: { runId: string; stepId: string; attempt: number; reason: 'superseded' | 'ended' }) {
    super(`Attempt ${facts.attempt} of step ${facts.stepId} in run ${facts.runId} is fenced: ${facts.reason}`)
    this.runId = facts.runId
    this.stepId = facts.stepId
    this.attempt = facts.attempt
    this.reason = facts.reason
  }
}

/** The reason of a run's abort signal: it was stopped, ran out of time, or the process is ending. */
export class RunAbortedError extends Error {
  override readonly name = 'RunAbortedError'
  readonly code = 'run_aborted'
  readonly retryable = false
  readonly runId: string
  readonly reason: 'ended' | 'shutdown'

  constructor(runId: string, reason: 'ended' | 'shutdown') {
    super(`Run ${runId} was aborted: ${reason}`)
    this.runId = runId
    this.reason = reason
  }
}
