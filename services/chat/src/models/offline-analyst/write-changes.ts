import type { OptimizerResult, Recommendation } from '../../agents/apex-optimizer.ts'
import type { Dossier } from '../../agents/reporter.ts'

const NOTHING_SURE = 'Nothing that was tested saves money for certain on these calls.'

/** What to change, ranked by saving; each with its saving alone, its risk and how to apply it. */
export function writeChanges(dossier: Dossier): string[] {
  const { optimizer, triage } = dossier
  const saving = optimizer?.recommendations.filter(({ verdict }) => verdict === 'saves') ?? []
  if (!optimizer) return []
  // A question about one lever has its answer in the opening already.
  const wantsAll = triage.intents.includes('cut_cost')
  if (saving.length === 0) return wantsAll ? ['## What to change', NOTHING_SURE] : []
  const several = saving.length > 1
  return [
    '## What to change',
    several ? 'Ranked by what each saves alone. The savings overlap, so they must not be added up.' : '',
    summaryTable(saving),
    ...saving.map(writeChange),
    optimizer.together,
  ].filter((block) => block !== '')
}

/** Levers that would cost money, each named as a loss. */
export function writeLosses({ optimizer }: Dossier): string[] {
  const losing = optimizer?.recommendations.filter(({ verdict }) => verdict === 'loses') ?? []
  if (losing.length === 0) return []
  return [
    '## What would lose money',
    losing
      .map(
        ({ title, detail }) =>
          `- **${withoutStop(title)}.** ${/\bloss\b|\blose/.test(title) ? '' : 'This is a loss. '}${detail}`,
      )
      .join('\n'),
  ]
}

/** Levers that neither save nor lose for certain and that the opening has not said already. */
export function writeOpen({ optimizer }: Dossier): string[] {
  const open = optimizer ? openOf(optimizer).filter(({ detail }) => !optimizer.plan.includes(detail)) : []
  if (open.length === 0) return []
  return [
    '## What lacks evidence',
    open
      .map(({ title, detail, risk }) => `- **${withoutStop(title)}.** ${detail}${risk === '' ? '' : ` ${risk}`}`)
      .join('\n'),
  ]
}

function openOf({ recommendations }: OptimizerResult): Recommendation[] {
  return recommendations.filter(({ verdict }) => verdict === 'not_enough_evidence' || verdict === 'neutral')
}

function summaryTable(saving: readonly Recommendation[]): string {
  if (saving.length < 2 || saving.every(({ saving: id }) => id === null)) return ''
  const rows = saving.map(({ title, saving: id, share }) => `| ${nameOf(title)} | ${figure(id)} | ${figure(share)} |`)
  return `| Change | Saves alone | Share |\n| --- | ---: | ---: |\n${rows.join('\n')}`
}

/** What a title is about, without what it says of it: `Prompt caching alone saves {{…}}` is about prompt caching. */
function nameOf(title: string): string {
  const [subject = title] = title.split(/\s+(?:alone\s+)?(?:saves?|would\s+(?:save|cost))\b|\{\{/)
  return withoutStop(subject).replaceAll('|', '/')
}

function writeChange({ title, saving, share, detail, risk, apply }: Recommendation, index: number): string {
  const amount = saving ? ` Alone it saves ${figure(saving)}${share ? `, ${figure(share)}` : ''}.` : ''
  const steps = apply.map((step) => `- ${step}`).join('\n')
  return [
    `### ${index + 1}. ${withoutStop(title)}`,
    `${detail}${title.includes('{{') || detail.includes(`{{${saving}}}`) ? '' : amount}`,
    risk === '' ? '' : `Risk: ${risk}`,
    steps === '' ? '' : `How to apply it:\n\n${steps}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function figure(id: string | null): string {
  return id === null ? 'unknown' : `{{${id}}}`
}

function withoutStop(text: string): string {
  return text.replace(/\.\s*$/, '')
}
