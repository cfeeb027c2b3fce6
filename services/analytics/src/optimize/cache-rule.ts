/** A multiple of the plain input price, exact. */
export type Multiple = { numerator: bigint; denominator: bigint }

/** How a provider caches prompts and what it charges: data, not code. */
export type CacheRule = {
  name: string
  label: string
  /** Providers of the price book whose models follow it; their own published cache rates come first. */
  providers: readonly string[]
  /** Which of the book's rates is the write of this rule; undefined when writing is charged as plain input. */
  writeClass: 'cache_write_5m' | 'cache_write_1h' | undefined
  write: Multiple
  read: Multiple
  lifeMs: number
  /** Prompts and reads of fewer tokens do not use the cache. */
  minTokens: number
  /** Whether the program has to ask for it. */
  explicit: boolean
  /** What the rule leaves out, for a person. */
  caveat?: string
}

const multiple = (numerator: bigint, denominator: bigint): Multiple => ({ numerator, denominator })
const PLAIN = multiple(1n, 1n)
const TENTH = multiple(1n, 10n)
const MINUTE_MS = 60_000

/** The rules that are simulated, by what providers publish. */
export const CACHE_RULES: readonly CacheRule[] = [
  {
    name: 'anthropic-5m',
    label: 'Anthropic, five-minute lifetime',
    providers: ['anthropic', 'aws', 'google'],
    writeClass: 'cache_write_5m',
    write: multiple(5n, 4n),
    read: TENTH,
    lifeMs: 5 * MINUTE_MS,
    minTokens: 1_024,
    explicit: true,
    caveat: 'Some models need longer prompts than this rule assumes before they cache.',
  },
  {
    name: 'anthropic-1h',
    label: 'Anthropic, one-hour lifetime',
    providers: ['anthropic', 'aws', 'google'],
    writeClass: 'cache_write_1h',
    write: multiple(2n, 1n),
    read: TENTH,
    lifeMs: 60 * MINUTE_MS,
    minTokens: 1_024,
    explicit: true,
    caveat: 'Some models need longer prompts than this rule assumes before they cache.',
  },
  {
    name: 'openai-gpt-5.6',
    label: 'OpenAI from gpt-5.6 on',
    providers: ['openai', 'azure'],
    writeClass: 'cache_write_5m',
    write: multiple(5n, 4n),
    read: TENTH,
    lifeMs: 30 * MINUTE_MS,
    minTokens: 1_024,
    explicit: true,
  },
  {
    name: 'openai-automatic',
    label: 'OpenAI before gpt-5.6, automatic',
    providers: ['openai', 'azure'],
    writeClass: undefined,
    write: PLAIN,
    read: TENTH,
    lifeMs: 10 * MINUTE_MS,
    minTokens: 1_024,
    explicit: false,
    caveat: 'The provider keeps entries for some minutes and promises no hit.',
  },
  {
    name: 'gemini-explicit',
    label: 'Gemini, explicit cache',
    providers: ['google'],
    writeClass: undefined,
    write: PLAIN,
    read: TENTH,
    lifeMs: 60 * MINUTE_MS,
    minTokens: 2_048,
    explicit: true,
    caveat: 'The storage fee by the hour is not in the figure, so the true cost is higher.',
  },
]

/** Whether calls to a model already follow the rule, given its provider and whether the book has a write rate for it. */
export function ruleApplies(rule: CacheRule, { provider, model }: { provider: string; model: string }): boolean {
  if (!rule.providers.includes(provider)) return false
  if (rule.name.startsWith('anthropic')) return /claude/.test(model)
  if (rule.name.startsWith('gemini')) return /gemini/.test(model)
  const paysForWrites = /gpt-5\.([6-9]|\d\d)/.test(model)
  return rule.name === 'openai-gpt-5.6' ? paysForWrites : !paysForWrites && !/claude|gemini/.test(model)
}
