import { LIMITS } from '@apex/protocol/limits'

/** The numbers a socket is held to, in milliseconds and bytes. */
export type SocketLimits = typeof SOCKET_LIMITS

/** As the protocol states them, and what only the server knows. */
export const SOCKET_LIMITS = {
  helloTimeoutMs: LIMITS.helloTimeoutMs as number,
  helloBytes: LIMITS.helloBytes as number,
  frameBytes: LIMITS.frameBytes as number,
  streamsPerSocket: LIMITS.streamsPerSocket as number,
  socketsPerUser: LIMITS.socketsPerUser as number,
  inboundBytesPerSecond: LIMITS.inboundBytesPerSecond as number,
  pingMs: LIMITS.pingMs as number,
  pongDeadlineMs: LIMITS.pongDeadlineMs as number,
  reconnectTicketRenewMs: LIMITS.reconnectTicketRenewMs as number,
  pauseAboveBytes: LIMITS.pauseAboveBytes as number,
  resumeBelowBytes: LIMITS.resumeBelowBytes as number,
  slowConsumerMs: LIMITS.slowConsumerMs as number,
  lifetimeMs: 55 * 60_000,
  lifetimeJitterMs: 5 * 60_000,
  /** How long before its end a socket says that it goes. */
  goawayMs: 10_000,
  /** Frames that change subscriptions: at once, and per second in the long run. */
  subscribeBurst: 60,
  subscribesPerSecond: 5,
  socketsPerNode: 10_000,
  /** Upgrades from one address: at once, and per second in the long run. */
  upgradeBurst: 200,
  upgradesPerSecond: 50,
}
