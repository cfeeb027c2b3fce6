import type { Recommendation } from '../../agents/apex-optimizer.ts'
import type { Dossier } from '../../agents/reporter.ts'

/** What to change, ranked by saving; each with its saving alone, its risk and how to apply it. */
export function writeChanges(dossier: Dossier): string[] {
  const { optimizer } = dossier
  const saving = optimizer?.recommendations.filter(({ verdict }) => verdict === 'saves') ?? []
  if (!optimizer) return []
  if (saving.length === 0)
    return ['## What to change', 'Nothing that was tested saves money for certain on these calls.']
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
    losing.map(({ title, detail }) => `- **${withoutStop(title)}.** This is a loss. ${detail}`).join('\n'),
  ]
}

/** Levers that neither save nor lose for certain. */
export function writeOpen({ optimizer }: Dossier): string[] {
  const open =
    optimizer?.recommendations.filter(({ verdict }) => verdict === 'not_enough_evidence' || verdict === 'neutral') ?? []
  if (open.length === 0) return []
  return [
    '## What lacks evidence',
    open.map(({ title, detail }) => `- **${withoutStop(title)}.** ${detail}`).join('\n'),
  ]
}

function summaryTable(saving: readonly Recommendation[]): string {
  if (saving.length < 2 || saving.every(({ saving: id }) => id === null)) return ''
  const rows = saving.map(
    ({ title, saving: id, share }) =>
      `| ${withoutStop(title).replaceAll('|', '/')} | ${figure(id)} | ${figure(share)} |`,
  )
  return `| Change | Saves alone | Share |\n| --- | ---: | ---: |\n${rows.join('\n')}`
}

function writeChange({ title, saving, share, detail, risk, apply }: Recommendation, index: number): string {
  const amount = saving ? ` Alone it saves ${figure(saving)}${share ? `, ${figure(share)}` : ''}.` : ''
  const steps = apply.map((step) => `- ${step}`).join('\n')
  return [
    `### ${index + 1}. ${withoutStop(title)}`,
    `${detail}${title.includes('{{') || detail.includes(`{{${saving}}}`) ? '' : amount}`,
    `Risk: ${risk}`,
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
