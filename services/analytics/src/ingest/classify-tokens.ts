import type { CallInput } from '@apex/protocol/call'
import type { InputSemantics, UsageState } from '@apex/protocol/token-class'
import type { TokenCounts } from '../price-book/price-call.ts'

/** A call's tokens in disjoint classes, what the source meant by "input" and how that was determined. */
export type Usage = {
  tokens: TokenCounts
  semantics: InputSemantics
  determinedBy:
    | 'stated'
    | 'uncached-given'
    | 'no-cache-tokens'
    | 'arithmetic'
    | 'provider-convention'
    | 'otel-convention'
    | 'not-reported'
  state: UsageState
}

// Where the provider's own interface reports cached tokens beside the input tokens instead of inside them.
const EXCLUSIVE_PROVIDERS = /anthropic|bedrock|aws/i

/** Sorts reported counts into classes that add up; contradicting counts come back as a problem for a person. */
export function classifyTokens(input: CallInput, provider: string | undefined): Usage | { problem: string } {
  const output = input.output_tokens
  const reasoning = input.reasoning_tokens ?? 0
  if (output !== undefined && reasoning > output) {
    return { problem: `reasoning_tokens (${reasoning}) is more than output_tokens (${output}), which include it` }
  }
  const side = classifyInput(input, provider)
  if ('problem' in side) return side
  const tokens = { ...side.tokens, output_text: (output ?? reasoning) - reasoning, output_reasoning: reasoning }
  const known = side.determinedBy !== 'not-reported' && output !== undefined
  return { ...side, tokens, state: known ? side.state : 'unknown' }
}

function classifyInput(input: CallInput, provider: string | undefined): Usage | { problem: string } {
  const cached = {
    cache_read: input.cache_read_tokens ?? 0,
    cache_write_5m: input.cache_write_tokens ?? 0,
    cache_write_1h: input.cache_write_1h_tokens ?? 0,
  }
  const cachedTotal = cached.cache_read + cached.cache_write_5m + cached.cache_write_1h
  const usage = (uncached: number, rest: Omit<Usage, 'tokens'>): Usage => ({
    tokens: { input_uncached: uncached, ...cached, output_text: 0, output_reasoning: 0 },
    ...rest,
  })
  const { input_tokens: total, input_uncached_tokens: uncached } = input
  if (uncached !== undefined) {
    const agrees = total === undefined || total === uncached || total === uncached + cachedTotal
    if (!agrees)
      return {
        problem: `input_tokens (${total}) is neither input_uncached_tokens (${uncached}) nor that plus the cached tokens (${uncached + cachedTotal})`,
      }
    return usage(uncached, { semantics: 'exclusive', determinedBy: 'uncached-given', state: 'reported' })
  }
  if (total === undefined) return usage(0, { semantics: 'unknown', determinedBy: 'not-reported', state: 'unknown' })
  if (cachedTotal === 0) {
    const semantics = input.input_semantics ?? 'unknown'
    return usage(total, { semantics, determinedBy: 'no-cache-tokens', state: 'reported' })
  }
  const { semantics, ...determined } = determineSemantics(input, total, cachedTotal, provider)
  if (semantics === 'exclusive') return usage(total, { semantics, ...determined })
  if (cachedTotal > total) {
    return {
      problem: `the cached tokens (${cachedTotal}) are more than input_tokens (${total}), although input_semantics says they are inside it`,
    }
  }
  return usage(total - cachedTotal, { semantics, ...determined })
}

function determineSemantics(
  input: CallInput,
  total: number,
  cachedTotal: number,
  provider: string | undefined,
): Pick<Usage, 'determinedBy' | 'state'> & { semantics: 'inclusive' | 'exclusive' } {
  const stated = input.input_semantics
  if (stated === 'inclusive' || stated === 'exclusive') {
    return { semantics: stated, determinedBy: 'stated', state: 'reported' }
  }
  // Cached tokens cannot be inside a smaller total.
  if (cachedTotal > total) return { semantics: 'exclusive', determinedBy: 'arithmetic', state: 'reported' }
  if (provider && EXCLUSIVE_PROVIDERS.test(provider)) {
    // OpenTelemetry instrumentations report the same provider inclusively, so this is a judgement, not a fact.
    return { semantics: 'exclusive', determinedBy: 'provider-convention', state: 'estimated' }
  }
  if (provider) return { semantics: 'inclusive', determinedBy: 'provider-convention', state: 'reported' }
  return { semantics: 'inclusive', determinedBy: 'otel-convention', state: 'estimated' }
}
