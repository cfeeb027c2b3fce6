export type EmbeddedStore = 'postgres' | 'clickhouse'

/** An embedded store cannot run here; the message says what happened, what it means and what to do. */
export class EmbeddedStoreError extends Error {
  override readonly name = 'EmbeddedStoreError'
  readonly code = 'embedded_store_failed'
  readonly store: EmbeddedStore
  /** The last lines the store's process wrote, possibly empty. */
  readonly output: string

  constructor(store: EmbeddedStore, message: string, options: { output?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.store = store
    this.output = options.output ?? ''
  }
}
