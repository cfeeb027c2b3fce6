/** One kind of traffic of the invented company whose usage the sample shows. */
export type Workload = {
  service: string
  feature: string
  environment: 'production' | 'staging'
  provider: string
  model: string
  requestModel?: string
  /** Calls on a weekday; a weekend day has `weekendShare` of them. */
  callsPerDay: number
  weekendShare: number
  /** Hours of the day in UTC, half-open. */
  hours: [from: number, to: number]
  /** Whole prompt blocks of 512 tokens that every call of the feature shares. */
  sharedBlocks: number
  /** Tokens beyond the shared blocks: smallest and largest. */
  ownInput: [least: number, most: number]
  output: [least: number, most: number]
  /** Share of the output that is reasoning. */
  reasoningShare?: number
  /** Turns of one conversation, each repeating what came before. */
  turns?: number
  /** Share of the shared blocks the provider already served from its cache. */
  cachedShare?: number
  errorShare: number
  latencyMs: [least: number, most: number]
  /** From this day of the sample on, prompts carry so many more blocks: the jump to be found. */
  growth?: { fromDay: number; blocks: number }
}

/** What the sample contains, chosen so that each question has something to find. */
export const WORKLOADS: readonly Workload[] = [
  {
    service: 'support-assistant',
    feature: 'reply',
    environment: 'production',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    callsPerDay: 190,
    weekendShare: 0.35,
    hours: [7, 19],
    sharedBlocks: 6,
    ownInput: [180, 900],
    output: [120, 620],
    turns: 4,
    errorShare: 0.012,
    latencyMs: [1800, 6200],
    growth: { fromDay: 19, blocks: 5 },
  },
  {
    service: 'claims-review',
    feature: 'summarise-claim',
    environment: 'production',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    callsPerDay: 14,
    weekendShare: 0.1,
    hours: [6, 20],
    sharedBlocks: 4,
    ownInput: [2600, 9200],
    output: [300, 900],
    errorShare: 0.01,
    latencyMs: [4200, 11000],
  },
  {
    service: 'search-answers',
    feature: 'answer',
    environment: 'production',
    provider: 'openai',
    model: 'gpt-4o-mini',
    callsPerDay: 150,
    weekendShare: 0.6,
    hours: [0, 24],
    sharedBlocks: 3,
    ownInput: [600, 2400],
    output: [60, 260],
    cachedShare: 0.7,
    errorShare: 0.008,
    latencyMs: [500, 1900],
  },
  {
    service: 'doc-extract',
    feature: 'nightly-extract',
    environment: 'production',
    provider: 'openai',
    model: 'gpt-4o',
    callsPerDay: 70,
    weekendShare: 1,
    hours: [1, 4],
    sharedBlocks: 1,
    ownInput: [3000, 14000],
    output: [200, 700],
    errorShare: 0.03,
    latencyMs: [3000, 9000],
  },
  {
    service: 'code-helper',
    feature: 'review',
    environment: 'staging',
    provider: 'openai',
    model: 'gpt-5-mini',
    callsPerDay: 30,
    weekendShare: 0.15,
    hours: [8, 18],
    sharedBlocks: 2,
    ownInput: [900, 6000],
    output: [700, 3200],
    reasoningShare: 0.55,
    errorShare: 0.05,
    latencyMs: [5000, 21000],
  },
  {
    service: 'support-assistant',
    feature: 'tone-check',
    environment: 'production',
    provider: 'in-house',
    model: 'harbour-tone-7b',
    callsPerDay: 6,
    weekendShare: 0.35,
    hours: [7, 19],
    sharedBlocks: 0,
    ownInput: [120, 500],
    output: [5, 20],
    errorShare: 0,
    latencyMs: [90, 300],
  },
]
