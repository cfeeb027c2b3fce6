export type HeartbeatOptions = {
  pingMs: number
  pongDeadlineMs: number
  /** A number in [0, 1): spreads the first pings of many sockets. */
  random: () => number
  sendPing: (id: number) => void
  onLost: () => void
}

/** Asks every 20 s whether the peer is there; a peer that does not answer in time counts as lost. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #id = 0
  #timer: NodeJS.Timeout | undefined
  #deadline: NodeJS.Timeout | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  start(): void {
    const { pingMs, random } = this.#options
    this.#timer = setTimeout(() => this.#ping(), Math.floor(random() * pingMs))
  }

  /** False for an answer to a ping that was never sent. */
  pong(id: number): boolean {
    if (id >= this.#id) return false
    if (id === this.#id - 1) {
      clearTimeout(this.#deadline)
      this.#deadline = undefined
    }
    return true
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#deadline)
  }

  #ping(): void {
    const { onLost, pingMs, pongDeadlineMs, sendPing } = this.#options
    sendPing(this.#id)
    this.#id += 1
    // An unanswered ping keeps its deadline; a newer one does not extend it.
    this.#deadline ??= setTimeout(() => {
      this.#deadline = undefined
      onLost()
    }, pongDeadlineMs)
    this.#timer = setTimeout(() => this.#ping(), pingMs)
  }
}
