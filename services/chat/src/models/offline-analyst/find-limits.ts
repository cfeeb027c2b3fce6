import type { Bucket, Dimension } from '@apex/protocol/question'

const FRACTIONS: Record<string, number> = {
  half: 0.5,
  'a half': 0.5,
  'a third': 1 / 3,
  'a quarter': 0.25,
  'one third': 1 / 3,
  'a fifth': 0.2,
}
const LESS =
  '(?:cut|cutting|reduce|reducing|lower|save|saving|savings?|decrease|shrink|optimi[sz]e|slash|trim|bring|get|less|down|off|cheaper|halve)'

/** Asks whether something was saved, which is no wish to save it. */
const LOOKS_BACK =
  /\b(?:is\s+it\s+(?:true|right|correct)|did\s+(?:we|i|it|this|that)|have\s+we|has\s+(?:it|this|that))\b/i

/** The share of cost to save, with the person's own words for it. */
export function findGoal(question: string): { share: number; words: string } | null {
  if (LOOKS_BACK.test(question)) return null
  if (!new RegExp(`\\b${LESS}\\b`, 'i').test(question)) return null
  for (const match of question.matchAll(/(?<![\w.,])(\d{1,2}(?:\.\d+)?|100)\s?(?:%|per\s?cent|pct\b)(?!\s+more\b)/gi)) {
    const share = Number(match[1]) / 100
    if (share > 0 && share <= 1) return { share, words: match[0] }
  }
  const fraction = /\b(?:by|in)\s+((?:a\s+|one\s+)?(?:half|third|quarter|fifth))\b/i.exec(question)
  const share = FRACTIONS[fraction?.[1]?.toLowerCase() ?? '']
  // With the word before it, so that it can be repeated as it was said.
  return fraction && share ? { share, words: fraction[0] } : null
}

/** Whether the person wants nothing to get slower. */
export function keepsLatency(question: string): boolean {
  return /\bwithout\b[^,.?]*\b(?:slow\w*|latency|speed|delays?|wait\w*)\b|\b(?:keep|same|not\s+hurt\w*)\b[^,.?]*\b(?:latency|speed)\b|\b(?:no|not|isn't|nothing)\b[^,.?]*\bslower\b/i.test(
    question,
  )
}

/** Whether the person wants to keep the models in use. */
export function keepsModels(question: string): boolean {
  return /\bwithout\b[^,.?]*\b(?:chang\w+|switch\w+|touch\w+|swap\w+|replac\w+)\b[^,.?]*\bmodels?\b|\bkeep(?:ing)?\b[^,.?]*\bmodels?\b|\bsame\s+models?\b|\b(?:don't|do\s+not|not|no)\s+(?:want\s+to\s+)?(?:change|switch|replace)\b[^,.?]*\bmodels?\b/i.test(
    question,
  )
}

const DIMENSION_WORDS: Record<string, Dimension> = {
  model: 'model',
  provider: 'provider',
  vendor: 'provider',
  service: 'service',
  app: 'service',
  application: 'service',
  feature: 'feature',
  user: 'user',
  customer: 'user',
  tenant: 'user',
  conversation: 'conversation',
  session: 'conversation',
  project: 'project',
  team: 'project',
  environment: 'environment',
  status: 'status',
}

/** The dimensions a question asks to see, in its order. */
export function findDimensions(question: string): Dimension[] {
  const words = Object.keys(DIMENSION_WORDS).join('|')
  const lead = '(?:by|per|each|every|which|what|top|across|among|expensive|biggest|largest|and|or|,)'
  const found = [...question.matchAll(new RegExp(`\\b${lead}\\s+(?:the\\s+|our\\s+)?(${words})s?\\b`, 'gi'))]
  return [...new Set(found.flatMap((match) => DIMENSION_WORDS[match[1]?.toLowerCase() ?? ''] ?? []))].slice(0, 4)
}

/** The dimension a single word names, such as `customer`. */
export function dimensionOf(word: string): Dimension | undefined {
  return DIMENSION_WORDS[word.toLowerCase().replace(/s$/, '')]
}

/** The time bucket a question asks for. */
export function findBucket(question: string): Bucket | null {
  const match = /\b(?:per|by|each|every)\s+(minute|hour|day|week|month)\b|\b(hourly|daily|weekly|monthly)\b/i.exec(
    question,
  )
  const word = (match?.[1] ?? match?.[2])?.toLowerCase()
  const adverbs: Record<string, Bucket> = { hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month' }
  return word === undefined ? null : (adverbs[word] ?? (word as Bucket))
}
