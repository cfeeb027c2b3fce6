/** The part of a socket that writing needs. */
export type Outlet = {
  readonly bufferedAmount: number
  readonly readyState: number
  send(data: string, done: (error?: Error) => void): void
}

export type SocketWriterOptions = {
  outlet: Outlet
  pauseAboveBytes: number
  resumeBelowBytes: number
  /** How long a pause may last. */
  stalledMs: number
  onDrained: () => void
  onStalled: () => void
}

const OPEN = 1

/**
 * Sends while the peer reads. Above a mark it reports itself not writable, so that readers of the log wait at their
 * position instead of queueing here; a peer that takes nothing for too long is given up.
 */
export class SocketWriter {
  readonly #options: SocketWriterOptions
  #stall: NodeJS.Timeout | undefined

  constructor(options: SocketWriterOptions) {
    this.#options = options
  }

  get writable(): boolean {
    return this.#stall === undefined && this.#options.outlet.readyState === OPEN
  }

  send(frame: string): void {
    const { onStalled, outlet, pauseAboveBytes, stalledMs } = this.#options
    if (outlet.readyState !== OPEN) return
    outlet.send(frame, () => this.#flushed())
    if (this.#stall === undefined && outlet.bufferedAmount > pauseAboveBytes)
      this.#stall = setTimeout(onStalled, stalledMs)
  }

  close(): void {
    clearTimeout(this.#stall)
  }

  #flushed(): void {
    const { onDrained, outlet, resumeBelowBytes } = this.#options
    if (this.#stall === undefined || outlet.bufferedAmount > resumeBelowBytes) return
    clearTimeout(this.#stall)
    this.#stall = undefined
    onDrained()
  }
}
