import type { Finding } from '@apex/protocol/question'
import type { FigureSet } from '../query/figure-set.ts'
import type { CacheRule } from './cache-rule.ts'
import type { SimulatedRule } from './simulate-rule.ts'

const STEPS: Record<string, string[]> = {
  'anthropic-5m': [
    'Put what stays the same first: tools, system prompt, documents; then the conversation; what changes with each call last.',
    'With the Anthropic SDK, set cache_control to an object with type ephemeral on the last block of what stays the same in client.messages.create.',
    'In a conversation, set it on the latest message as well, so that the next turn reads what this one wrote.',
    'Leave it out for prompts that are hardly ever sent again in time: writing costs more than plain input.',
  ],
  'anthropic-1h': [
    'With the Anthropic SDK, set cache_control to an object with type ephemeral and ttl "1h" on what stays the same, and only there.',
    'Use it for prefixes that come back later than the default lifetime but surely within the longer one.',
  ],
  'openai-gpt-5.6': [
    'Put what stays the same first and what changes last; the cache works on the beginning of the prompt only.',
    'With the OpenAI SDK, pass the same prompt_cache_key for calls that share a beginning in client.responses.create.',
  ],
  'openai-automatic': [
    'Put what stays the same first and what changes last; the provider caches the beginning of longer prompts by itself.',
    'With the OpenAI SDK, pass the same prompt_cache_key for calls that share a beginning, so that they reach the same cache.',
  ],
  'gemini-explicit': [
    'With the Google Gen AI SDK, create the shared beginning with ai.caches.create and pass its name as cachedContent in the config of ai.models.generateContent.',
    'Delete it when it is not needed any more: storage is charged by the hour.',
  ],
}

/** What a rule would do to these calls, in words: it saves, it loses, or it hardly matters. */
export function cacheFinding({ rule, now, cost, applies }: SimulatedRule, figures: FigureSet): Finding {
  const verdict = cost < now ? 'saves' : cost > now ? 'loses' : 'neutral'
  const key = (name: string) => `${name}:${rule.name}`
  const quoted = (name: string) => `{{${key(name)}}}`
  const titles = {
    saves: `Writing every prompt to the cache saves ${quoted('saving')} under the rule: ${rule.label}`,
    loses: `Writing every prompt to the cache is a loss of ${quoted('loss')} under the rule: ${rule.label}`,
    neutral: `Writing every prompt to the cache changes nothing under the rule: ${rule.label}`,
  }
  const elsewhere = applies
    ? ''
    : ' These calls go to models of another provider, so this is what the rule would do there.'
  const breakEven = figures.has(key('break-even')) ? ` It pays from ${quoted('break-even')} of reads on.` : ''
  return {
    code: `cache:${rule.name}`,
    verdict: verdict === 'saves' && !applies ? 'info' : verdict,
    title: titles[verdict],
    detail: `The input would cost ${quoted('input-cost')} instead of ${quoted('input-cost-now')}, a factor of ${quoted('ratio')}; with perfect hindsight about what to write, a factor of ${quoted('hindsight-ratio')}.${breakEven}${elsewhere}`,
    figureKeys: [
      verdict === 'loses' ? key('loss') : key('saving'),
      key('input-cost'),
      key('input-cost-now'),
      key('ratio'),
      key('hindsight-ratio'),
      ...(breakEven ? [key('break-even')] : []),
    ],
    ...(rule.caveat ? { risk: rule.caveat } : {}),
    apply: verdict === 'saves' ? (STEPS[rule.name] ?? []) : [],
    verify:
      'Import the calls after the change and look at the share of input read from a cache, and at the cost of cache writes beside it.',
  }
}

/** What can be said of caching when nothing is known of the prompts. */
export function noHashesFinding(figures: FigureSet, rules: readonly CacheRule[]): Finding {
  const known = rules.filter((rule) => figures.has(`break-even:${rule.name}`))
  const parts = known.map((rule) => `from {{break-even:${rule.name}}} of reads on under the rule ${rule.label}`)
  return {
    code: 'cache-unknown',
    verdict: 'not_enough_evidence',
    title: 'Whether prompt caching pays cannot be told from these calls',
    detail: `They carry no hashes of their prompts’ prefixes. What is known without them: writing everything pays ${parts.join('; ') || 'whenever anything is read again'}.`,
    figureKeys: known.map((rule) => `break-even:${rule.name}`),
    apply: [],
  }
}

/** How to apply a rule, in the SDK of its provider. */
export function cacheSteps(rule: CacheRule): string[] {
  return STEPS[rule.name] ?? []
}
