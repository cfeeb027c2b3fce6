import { StoppingError, UploadBrokenError } from '../errors.ts'

/** Imports under way, so that the end of the service is the end of each of them, in order. */
export class OpenUploads {
  readonly #stop = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  /** Runs work that ends when the request is broken off or the service ends; its signal carries the reason. */
  async run<T>(request: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ended = new AbortController()
    const breakOff = () => ended.abort(new UploadBrokenError(request.reason))
    if (request.aborted) breakOff()
    request.addEventListener('abort', breakOff, { once: true })
    const running = work(AbortSignal.any([ended.signal, this.#stop.signal]))
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
      request.removeEventListener('abort', breakOff)
    }
  }

  /** Ends all work and waits until each is recorded as failed. */
  async close(): Promise<void> {
    this.#stop.abort(new StoppingError())
    await Promise.allSettled(this.#running)
  }
}

/** What is read and dropped of a body that is refused before its end. */
const DROPPED_BYTES = 67_108_864

/** The bytes of a request; a sender that goes away or a signal that aborts ends them with an error that says so. */
export async function* uploadedBytes(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  aborted.catch(() => undefined)
  try {
    for (;;) {
      const next = await Promise.race([readNext(reader), aborted])
      if (next.done) return
      yield next.value
    }
  } finally {
    // Not awaited: a sender that stalls would hold it up.
    drop(reader, signal).catch(() => undefined)
  }
}

// A body that is not read to its end costs the sender its connection, and with it the next request it makes there.
async function drop(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): Promise<void> {
  for (let dropped = 0; dropped < DROPPED_BYTES && !signal.aborted; ) {
    const next = await reader.read()
    if (next.done) return
    dropped += next.value.length
  }
  await reader.cancel()
}

async function readNext(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (error) {
    throw new UploadBrokenError(error)
  }
}
