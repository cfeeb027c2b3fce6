/** The person behind a socket, whichever way they proved it. */
export type Viewer = {
  organizationId: string
  userId: string
  sessionId: string
  role: string
  /** When an access token last proved it. */
  provenAtMs: number
}
