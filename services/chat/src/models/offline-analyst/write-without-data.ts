import type { Dossier } from '../../agents/reporter.ts'
import { saySpan } from './say-time.ts'

const PURPOSE =
  'Netra Apex looks at how your applications use language models: where the money goes, why it changed, what to change, what a change would save or lose, and how to see whether it worked. Every figure in an answer opens the query that produced it.'

/** Questions that this organisation's data can answer, or the first ones to ask when there is none. */
export function examplesFor({ evidence }: Pick<Dossier, 'evidence'>): string[] {
  const hasData = evidence.some(({ coverage }) => coverage.calls > 0)
  if (!hasData) return ['How do I import my usage data?', 'Which columns does a file need?', 'What can I ask here?']
  return [
    'Where does the money go?',
    'How do I cut cost without slowing anything down?',
    'Which calls could use a cheaper model, and at what risk?',
    'Would prompt caching pay here, and where would it lose money?',
    'What can go to batch?',
  ]
}

export function writeGreeting(dossier: Dossier): string[] {
  return [
    'Hello. Ask in plain words where the money of your language models goes and what to change.',
    dataLine(dossier),
    exampleList(dossier),
  ]
}

export function writeAbout(dossier: Dossier): string[] {
  return [PURPOSE, dataLine(dossier), exampleList(dossier)]
}

/** An honest answer to what this product is not for, with what it can do instead. */
export function writeOutOfScope(dossier: Dossier): string[] {
  const ownCost = dossier.triage.intents.includes('conversation_cost')
  const lead = ownCost
    ? `This run cost nothing, because the rule-based offline analyst answers it. ${dossier.triage.unknowns.join(' ')}`
    : 'That is outside what Netra Apex can answer: it knows only how your organisation uses language models, so anything said here about something else would be made up. Questions are understood in English only.'
  return [lead, ownCost ? '' : PURPOSE, dataLine(dossier), exampleList(dossier)]
}

function dataLine({ evidence }: Dossier): string {
  const { from, to } = evidence[0]?.coverage ?? {}
  if (!from || !to)
    return 'No usage data is connected yet, so the first step is to import a file or to load sample data.'
  return `There is usage data from ${saySpan(from, to)} to ask about.`
}

function exampleList(dossier: Dossier): string {
  return `For example:\n\n${examplesFor(dossier)
    .map((example) => `- ${example}`)
    .join('\n')}`
}
