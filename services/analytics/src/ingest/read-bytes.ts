import { createGunzip } from 'node:zlib'

/** How a file ended that could not be read to its end: cut short, or with content that cannot be believed. */
export type Damage = { kind: 'truncated' | 'corrupt'; message: string }

/** Bytes of a file as they are once decompressed; `damage` is known when the iteration has ended. */
export type FileBytes = AsyncIterable<Uint8Array> & { readonly damage: Damage | undefined; readonly gzip: boolean }

// Bounds what one write can inflate to: gzip expands at most about a thousandfold.
const SLICE_BYTES = 16_384

/** Reads a file that may be gzip, told by its first bytes and not by its name; members of a gzip file follow each other. */
export function readBytes(source: AsyncIterable<Uint8Array>): FileBytes {
  const state = { damage: undefined as Damage | undefined, gzip: false }
  return {
    get damage() {
      return state.damage
    },
    get gzip() {
      return state.gzip
    },
    async *[Symbol.asyncIterator]() {
      const chunks = source[Symbol.asyncIterator]()
      try {
        const head = await readHead(chunks)
        state.gzip = head[0] === 0x1f && head[1] === 0x8b
        const whole = prepend(head, chunks)
        if (state.gzip) yield* gunzip(whole, (damage) => (state.damage = damage))
        else yield* whole
      } finally {
        await chunks.return?.()
      }
    },
  }
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array()
  while (head.length < 2) {
    const next = await chunks.next()
    if (next.done) break
    head = head.length === 0 ? new Uint8Array(next.value) : new Uint8Array(Buffer.concat([head, next.value]))
  }
  return head
}

async function* prepend(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}

// Piping would drop what is already inflated when the stream fails; here it is handed on before the failure is seen.
async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  report: (damage: Damage) => void,
): AsyncGenerator<Uint8Array> {
  const inflate = createGunzip()
  let inflated: Uint8Array[] = []
  const state: { failure?: NodeJS.ErrnoException; wake?: () => void } = {}
  inflate.on('data', (chunk: Uint8Array) => inflated.push(chunk))
  inflate.on('error', (error: NodeJS.ErrnoException) => {
    state.failure = error
    state.wake?.()
  })
  // A write that fails does not always call back, so each wait also ends with the failure.
  const settled = (act: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      state.wake = resolve
      act(resolve)
    })
  try {
    for await (const chunk of source) {
      for (let from = 0; from < chunk.length && !state.failure; from += SLICE_BYTES) {
        await settled((done) => inflate.write(chunk.subarray(from, from + SLICE_BYTES), done))
        yield* inflated
        inflated = []
      }
      if (state.failure) break
    }
    if (!state.failure) await settled((done) => inflate.once('end', done).end())
    yield* inflated
    if (state.failure) report(damageOf(state.failure))
  } finally {
    inflate.destroy()
  }
}

function damageOf(error: NodeJS.ErrnoException): Damage {
  if (error.message === 'unexpected end of file')
    return { kind: 'truncated', message: 'the gzip data end before the file does' }
  return {
    kind: error.message === 'incorrect data check' ? 'corrupt' : 'truncated',
    message: `the gzip data are damaged (${error.message})`,
  }
}
