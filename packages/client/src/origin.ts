import type { Envelope } from '@apex/protocol/events/envelope'

/** The attempt of a durable step that appended an event; null for events outside a step. */
export type Origin = { stepId: string; attempt: number } | null

/** Where an event comes from. */
export function originOf(event: Pick<Envelope, 'stepId' | 'attempt'>): Origin {
  return event.stepId === undefined ? null : { stepId: event.stepId, attempt: event.attempt ?? 1 }
}

/** Whether both name the same attempt; two events outside any step count as one origin. */
export function sameOrigin(left: Origin, right: Origin): boolean {
  return left?.stepId === right?.stepId && left?.attempt === right?.attempt
}
