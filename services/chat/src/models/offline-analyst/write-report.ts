import type { Dossier } from '../../agents/reporter.ts'
import { writeChanges, writeLosses, writeOpen } from './write-changes.ts'
import { writeGuidance } from './write-guidance.ts'
import { writeCacheTable, writeModelTable, writeTables } from './write-tables.ts'
import { examplesFor, writeAbout, writeGreeting, writeOutOfScope } from './write-without-data.ts'

/** The answer in Markdown with `{{id}}` for every figure, the question answered in its first lines. */
export function writeReport(dossier: Dossier): string {
  const blocks = [...writeUnavailable(dossier), ...writeBody(dossier)]
  return blocks.filter((block) => block !== '').join('\n\n')
}

function writeBody(dossier: Dossier): string[] {
  const { intents } = dossier.triage
  if (intents.includes('greeting')) return writeGreeting(dossier)
  if (intents.includes('about')) return writeAbout(dossier)
  if (intents.every((intent) => intent === 'out_of_scope' || intent === 'conversation_cost'))
    return writeOutOfScope(dossier)
  if (dossier.kind === 'guidance' || dossier.dataHelp) {
    const guidance = writeGuidance(dossier)
    return dossier.kind === 'guidance' ? guidance : [...writeAnswer(dossier), ...guidance.slice(1)]
  }
  return dossier.kind === 'fallback' ? writeFallback(dossier) : writeAnswer(dossier)
}

function writeAnswer(dossier: Dossier): string[] {
  const { analysis, optimizer, triage } = dossier
  const [headline = '', ...rest] = analysis?.observations ?? []
  const plan = optimizer?.plan ?? ''
  // A question about one lever is answered by that lever; one about the whole cost begins with the cost.
  const headlines = (isAboutLever(triage.intents) ? [plan, headline] : [headline, plan]).filter((line) => line !== '')
  const opening = headlines.length > 0 ? headlines.join('\n\n') : leadFromChanges(dossier)
  if (triage.brief) return [opening, ...rest.slice(0, 2), ...writeUnknowns(dossier)]
  const facts = rest.map((observation) => `- ${observation}`).join('\n')
  const tables = writeTables(dossier)
  const behind = tables.length > 0 || facts !== '' ? [sectionTitle(dossier), ...tables, facts] : []
  const changes = [...writeChanges(dossier), ...writeModelTable(dossier), ...writeCacheTable(dossier)]
  const order = isAboutLever(triage.intents)
    ? [changes, writeLosses(dossier), behind]
    : [behind, changes, writeLosses(dossier)]
  return [
    opening,
    ...order.flat(),
    ...writeOpen(dossier),
    ...writeUnknowns(dossier),
    ...writeNextSteps(dossier),
    ...writeVerify(dossier),
  ]
}

function isAboutLever([main]: Dossier['triage']['intents']): boolean {
  return main === 'caching' || main === 'batch' || main === 'model_choice'
}

function sectionTitle({ triage }: Dossier): string {
  const main = triage.intents[0]
  if (main === 'why_change') return '## What happened'
  if (isAboutLever(triage.intents)) return '## The calls behind it'
  if (main === 'errors') return '## Failures'
  return main === 'traffic' || main === 'trend' ? '## The numbers' : '## Where the money goes'
}

function leadFromChanges({ optimizer }: Dossier): string {
  const best = optimizer?.recommendations.find(({ verdict }) => verdict === 'saves')
  if (best) return `${best.title}. ${best.detail}`
  return optimizer?.summary ?? 'The usage data gave no answer to this question.'
}

/** Nothing could be computed: what was asked, what went wrong and what still works. */
function writeFallback(dossier: Dossier): string[] {
  return [
    'This question could not be answered this time: none of the figures it needs could be computed. Nothing was charged for the failed parts, and your data is unchanged.',
    ...writeUnknowns(dossier),
    '## Next steps',
    '- Ask the same question again; a service that was busy or restarting usually answers on the next try.\n- If it fails again, the tool rows above this text show which request failed and its request id.',
  ]
}

function writeUnavailable({ unavailable }: Dossier): string[] {
  return unavailable.map(
    ({ agent, willDo, meanwhile }) => `The ${agent} agent is registered and not available yet. ${willDo} ${meanwhile}`,
  )
}

function writeUnknowns({ unknowns }: Dossier): string[] {
  return unknowns.length === 0 ? [] : ['## What is not known', unknowns.map((sentence) => `- ${sentence}`).join('\n')]
}

function writeNextSteps(dossier: Dossier): string[] {
  const asks = examplesFor(dossier).slice(0, 2)
  const steps = dossier.nextSteps.length > 0 ? dossier.nextSteps : asks.map((example) => `Ask: “${example}”`)
  return ['## Next steps', steps.map((step, index) => `${index + 1}. ${step}`).join('\n')]
}

function writeVerify({ optimizer }: Dossier): string[] {
  const saving = optimizer?.recommendations.filter(({ verdict }) => verdict === 'saves') ?? []
  if (saving.length === 0) return []
  const ways = [...new Set(saving.map(({ verify }) => verify))].slice(0, 4)
  return ['## How to verify', ways.map((way) => `- ${way}`).join('\n')]
}
