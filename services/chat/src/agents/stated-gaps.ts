import type { Gap } from '@apex/protocol/question'
import type { Evidence } from '../evidence/claim-book.ts'
import type { Intent, TriageResult } from './triage.ts'

const SPLITS: readonly Intent[] = ['where_money', 'cut_cost', 'batch', 'why_change', 'errors']
/** Gaps that bear on some questions only; any other gap bears on all. */
const BEARS_ON: Record<string, readonly Intent[]> = {
  // That there are no calls is the answer itself, not something beside it.
  'no-calls': [],
  'no-labels': SPLITS,
  'no-conversations': ['where_money', 'cut_cost', 'batch'],
  'no-prefix-hashes': ['cut_cost', 'caching'],
  'short-span': ['where_money', 'cut_cost', 'trend', 'traffic', 'why_change', 'verify_change', 'cost_total'],
}
/** Gaps that a wider one already says. */
const SAID_BY: Record<string, string> = { 'no-service': 'no-labels', 'no-feature': 'no-labels' }

/**
 * The gaps that bear on a question, each once: those of the answers that were asked for it before those of the
 * sufficiency check, because they are the closer ones.
 */
export function statedGaps(evidence: readonly Evidence[], triage: TriageResult): Gap[] {
  const asked = evidence.filter(({ question }) => question !== 'data_sufficiency')
  const checked = evidence.filter(({ question }) => question === 'data_sufficiency').slice(-1)
  const gaps = new Map<string, Gap>()
  for (const gap of [...asked, ...checked].flatMap((entry) => entry.gaps)) {
    if (!gaps.has(gap.code) && bearsOn(gap, triage)) gaps.set(gap.code, gap)
  }
  return [...gaps.values()].filter(({ code }) => !gaps.has(SAID_BY[code] ?? ''))
}

function bearsOn({ code }: Gap, { intents, dimensions, brief }: TriageResult): boolean {
  if (brief) return !(code in BEARS_ON) && !(code in SAID_BY)
  if (code in SAID_BY && dimensions.length > 0) return dimensions.some((by) => code === `no-${by}`)
  const wanted = BEARS_ON[code]
  return wanted === undefined || intents.some((intent) => wanted.includes(intent))
}

/** A gap as one statement of what is not known. */
export function sayGap({ what, effect }: Gap): string {
  return `${what} ${effect}`
}
