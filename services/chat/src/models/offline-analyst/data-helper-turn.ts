import { DataHelperInput, type DataHelperResult } from '../../agents/data-helper.ts'
import type { Reply, Seen } from './brief-reader.ts'
import { saySpan } from './say-time.ts'

type Step = DataHelperResult['steps'][number]

const FIRST_IMPORT: Step = {
  what: 'Import a file of your LLM calls',
  why: 'Every answer here is computed from your own calls; a file is the quickest way to see the first one.',
  how: [
    'Open the import page and drop a file, or run `./netra import calls.csv --format generic-csv --model <model>`.',
    'A generic CSV or JSONL row needs `timestamp`, `model`, `input_tokens` and `output_tokens`; other column names can be mapped in the preview.',
    'Gzip is read as it is. Lines that cannot be read are listed with their reason, and the good ones are kept.',
  ],
}
const KNOWN_TRACES: Step = {
  what: 'Or import a public trace',
  why: 'The Azure LLM trace and the Mooncake trace are read without any mapping.',
  how: [
    'Run `./netra import <file> --format azure-llm --model <model>` for the Azure trace.',
    'Run `./netra import <file> --format mooncake --model <model> --start <instant>` for the Mooncake trace; it carries prefix hashes, so caching can be judged.',
  ],
}
const BATCH_ENDPOINT: Step = {
  what: 'Send calls from your application',
  why: 'Answers then stay current without files.',
  how: ['Post calls as JSON to `POST /api/v1/calls` with an access token; repeating a delivery adds nothing.'],
}
const SAMPLE: Step = {
  what: 'Or look around with sample data first',
  why: 'It is generated, it is labelled as such everywhere, and it can be removed again.',
  how: ['Press “Load sample data” on the import page.'],
}
const SHARPER: Step = {
  what: 'Name what belongs together',
  why: 'Cost can only be broken down by what the calls name.',
  how: [
    'Add `service`, `feature`, `user`, `conversation`, `latency_ms` and `status` to each call where you have them.',
  ],
}

/** The data helper by rules: what to connect and how, from the gaps first. */
export function dataHelperTurn({ input }: Seen): Reply {
  const { gaps, hasData, covered, triage } = DataHelperInput.parse(input)
  const span = covered && hasData ? saySpan(covered.from, covered.to) : null
  const missing = gaps.filter(({ code }) => code !== 'no-calls')
  const fromGaps = missing.map(
    ({ what, effect, how }): Step => ({ what: what.replace(/\.\s*$/, ''), why: effect, how: [how] }),
  )
  const asksForHelp = triage.intents.includes('data_help')
  const steps = [
    ...(span === null ? [FIRST_IMPORT, KNOWN_TRACES, BATCH_ENDPOINT, SAMPLE] : []),
    ...(span !== null && asksForHelp ? [FIRST_IMPORT, SHARPER, BATCH_ENDPOINT] : []),
    ...(span !== null && !asksForHelp
      ? [otherTime(span), { ...FIRST_IMPORT, what: 'Or import calls of the time asked about' }]
      : []),
    ...fromGaps,
  ]
  const summary = summaryOf(span, asksForHelp)
  const help: DataHelperResult = { steps: (steps.length > 0 ? steps : [FIRST_IMPORT]).slice(0, 6), summary }
  return { say: summary, result: help }
}

function otherTime(span: string): Step {
  return {
    what: 'Ask about the time the data covers',
    why: `The calls known are from ${span}.`,
    how: ['Ask the same question for that time, or leave out the time and any name that restricts it.'],
  }
}

function summaryOf(span: string | null, asksForHelp: boolean): string {
  if (span === null) return 'There is no usage data yet; importing a file is the quickest way to an answer.'
  return asksForHelp
    ? `There is usage data from ${span}; more can be added in any of these ways.`
    : `There is usage data from ${span}, but none for what the question asks.`
}
