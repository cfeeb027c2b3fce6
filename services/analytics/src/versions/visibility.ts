/** Which batches of an organisation's calls a question sees: all up to `maxBatch` except the hidden ones. */
export type Visibility = {
  organizationId: string
  /** The data version the answer is for. */
  watermark: number
  maxBatch: number
  hidden: readonly number[]
}
