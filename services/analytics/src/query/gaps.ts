import type { Gap } from '@apex/protocol/question'
import type { ScopeFacts } from './read-coverage.ts'

// Texts of gaps and findings hold no numerals of their own: whatever is counted stands as {{figure-key}}.

/** There is nothing to answer from. */
export const NO_CALLS: Gap = {
  code: 'no-calls',
  what: 'No calls are known for this question.',
  effect: 'Nothing can be said about cost or usage; every figure is left out rather than shown as nothing.',
  how:
    'Import a file of calls on the import page or with `netra import FILE`: CSV or JSON lines with timestamp, model, input_tokens and output_tokens, plain or gzip. ' +
    'Or send calls as JSON to POST /api/v1/calls. If calls were imported, widen the time range or drop the filter.',
}

const SPAN_DAYS_FOR_MONTH = 7

/** Whether the calls span long enough to speak of a month. */
export function spansAWeek(facts: ScopeFacts): boolean {
  return facts.toUs - facts.fromUs >= SPAN_DAYS_FOR_MONTH * 86_400_000_000
}

/** What the data leave open for any question about cost. */
export function commonGaps(facts: ScopeFacts, priceVersion: string): Gap[] {
  if (facts.calls === 0) return [NO_CALLS]
  const gaps: Gap[] = []
  if (facts.unpricedModels.length > 0) gaps.push(unpricedGap(facts))
  if (facts.unknownUsageCalls > 0) {
    gaps.push({
      code: 'unknown-usage',
      what: 'Some calls came without token counts.',
      effect: 'They are counted as calls, but their cost is unknown and in no total.',
      how: 'Send usage with each call; for OpenAI streams set stream_options to include usage, for Anthropic streams keep the last usage event.',
    })
  }
  if (facts.priceVersions.some((version) => version !== priceVersion)) {
    gaps.push({
      code: 'older-prices',
      what: 'Some calls were priced when they came in, with an earlier release of the price book.',
      effect: 'Rates that were corrected since are not in their cost.',
      how: 'Take the import back and import the file again to price it with the present book.',
    })
  }
  return gaps
}

function unpricedGap({ unpricedModels }: ScopeFacts): Gap {
  const names = unpricedModels.filter((model) => model !== '').slice(0, 5)
  return {
    code: 'unpriced-models',
    what:
      names.length > 0 ? `The price book has no rate for calls of ${names.join(', ')}.` : 'Some calls name no model.',
    effect:
      'Those calls are counted, but their cost is unknown and in no total; the totals are of the priced calls only.',
    how: 'Check the spelling of model and provider, or give both when importing; GET /api/v1/prices?search=… lists the names the book knows.',
  }
}

/** The calls span too little time to speak of a month. */
export const SHORT_SPAN: Gap = {
  code: 'short-span',
  what: 'The calls span less than a week.',
  effect: 'No monthly cost is given, because a short stretch says little about nights, weekends and growth.',
  how: 'Import at least a week of calls.',
}

/** Which labels are missing, and what that hides. */
export function labelGaps(facts: ScopeFacts): Gap[] {
  if (facts.calls === 0) return []
  const gaps: Gap[] = []
  const { service, feature, user, conversation } = facts.given
  if (service === 0 && feature === 0) {
    gaps.push({
      code: 'no-labels',
      what: 'The calls do not say which service or feature made them.',
      effect: 'The cost can be split by model and time only, and a saving cannot be tied to a part of your product.',
      how: 'Add the fields service and feature to each call, or give --service when importing a file of one service.',
    })
  }
  if (user === 0 && conversation === 0) {
    gaps.push({
      code: 'no-conversations',
      what: 'The calls do not say which user or conversation they belong to.',
      effect: 'Cost per user and per conversation, and whether somebody was waiting for an answer, stay unknown.',
      how: 'Add the fields user and conversation to each call; any stable pseudonym will do.',
    })
  }
  if (facts.given.prefixHashes === 0) gaps.push(NO_PREFIX_HASHES)
  return gaps
}

/** Nothing is known of what prompts have in common. */
export const NO_PREFIX_HASHES: Gap = {
  code: 'no-prefix-hashes',
  what: 'The calls have no hashes of their prompts’ prefixes.',
  effect: 'Whether prompt caching pays cannot be simulated; only the share of reads from which it would pay is known.',
  how:
    'Add the fields prefix_hashes and prefix_block_tokens to each call: cut the prompt into whole blocks of that many tokens, and give for each block a hash of everything up to its end. ' +
    'The prompt itself is not needed and is never stored.',
}
