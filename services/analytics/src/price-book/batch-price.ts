import { HALF_PRICE, type PriceFactor } from './rate.ts'

// Providers that publish a batch interface at half the price of all token classes, with a day to answer. The price book
// has no batch rates, so a provider that is not listed here has an unknown batch price, not the full one.
const HALF_PRICE_BATCH: Record<string, string> = {
  openai: 'https://platform.openai.com/docs/guides/batch',
  anthropic: 'https://platform.claude.com/docs/en/build-with-claude/batch-processing',
  google: 'https://ai.google.dev/gemini-api/docs/batch-api',
  azure: 'https://learn.microsoft.com/azure/ai-services/openai/how-to/batch',
  aws: 'https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html',
  mistral: 'https://docs.mistral.ai/capabilities/batch/',
  groq: 'https://console.groq.com/docs/batch',
}

/** What a batch call costs of the full price at a provider of the book; undefined when it is not known. */
export function batchFactor(provider: string): PriceFactor | undefined {
  return provider in HALF_PRICE_BATCH ? HALF_PRICE : undefined
}

/** Where the batch price of a provider is published. */
export function batchSource(provider: string): string | undefined {
  return HALF_PRICE_BATCH[provider]
}
