/** What a client does when a socket closes; the hundreds digit of a 4xxx code says which. */
export type CloseAction = 'none' | 'stop' | 'new-ticket' | 'reconnect' | 'reset'

/** Every close code the server sends. */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  frameTooLarge: 1009,
  internal: 1011,
  unsupportedVersion: 4000,
  protocolViolation: 4002,
  forbidden: 4003,
  sessionEnded: 4004,
  identityChanged: 4005,
  tooManySockets: 4006,
  helloTimeout: 4100,
  authenticationExpired: 4101,
  ticketInvalid: 4102,
  drain: 4200,
  shutdown: 4201,
  slowConsumer: 4202,
  heartbeatLost: 4203,
  rateLimited: 4204,
  dependencyUnavailable: 4205,
  stateInvalidated: 4300,
} as const
export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES]

const NAMED: Record<number, CloseAction> = {
  1000: 'none',
  1001: 'reconnect',
  1006: 'reconnect',
  1009: 'stop',
  1011: 'reconnect',
}
const BY_HUNDREDS: Record<number, CloseAction> = { 40: 'stop', 41: 'new-ticket', 42: 'reconnect', 43: 'reset' }

/** The action for any close code, known or not; an unknown range is treated as 4205. */
export function closeAction(code: number): CloseAction {
  return NAMED[code] ?? BY_HUNDREDS[Math.floor(code / 100)] ?? 'reconnect'
}
