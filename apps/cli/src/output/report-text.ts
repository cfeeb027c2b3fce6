import type { Claim } from '@apex/protocol/claim'
import type { Report } from '@apex/protocol/report'
import { oneLine, printable, type Style } from './style.ts'

const KINDS = {
  full: 'Full report',
  partial: 'Partial report: some data is missing',
  guidance: 'Guidance: what to connect first',
  fallback: 'Fallback report',
} as const

/** The report for a terminal: its text with a number behind each figure, then what each figure rests on. */
export function reportText(report: Report, style: Style): string {
  const numbers = numberClaims(report)
  return [
    style.bold(oneLine(report.title)),
    style.dim(labels(report)),
    '',
    printable(withMarks(report, numbers, style)).trimEnd(),
    ...section('Not known', unsaid(report.unknowns, report), style),
    ...section('Next steps', unsaid(report.nextSteps, report), style),
    ...figures(report, numbers, style),
  ].join('\n')
}

function labels({ kind, containsSampleData, model, offline }: Report): string {
  const author = offline ? 'written by the offline analyst (rules, no language model)' : `written by ${model}`
  return [KINDS[kind], author, ...(containsSampleData ? ['contains generated sample data'] : [])].join(' · ')
}

/** Claims numbered in the order in which the text first uses them. */
function numberClaims(report: Report): Map<string, number> {
  const used = report.figures.toSorted((a, b) => a.offset - b.offset).map(({ claimId }) => claimId)
  return new Map([...new Set(used)].map((claimId, index) => [claimId, index + 1]))
}

function withMarks(report: Report, numbers: Map<string, number>, style: Style): string {
  let text = ''
  let at = 0
  for (const { claimId, length, offset } of report.figures.toSorted((a, b) => a.offset - b.offset)) {
    text += `${report.text.slice(at, offset)}${style.bold(report.text.slice(offset, offset + length))}`
    text += style.dim(`[${numbers.get(claimId)}]`)
    at = offset + length
  }
  return text + report.text.slice(at)
}

/** What the text does not say itself. */
function unsaid(lines: readonly string[], { text }: Report): string[] {
  return lines.filter((line) => !text.includes(line))
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...lines.map((line) => `  - ${oneLine(line)}`)]
}

/** The figures by the question that produced them, in the order of the text. */
function figures(report: Report, numbers: Map<string, number>, style: Style): string[] {
  const claims = new Map(report.claims.map((claim) => [claim.id, claim]))
  const groups = new Map<string, string[]>()
  for (const [claimId, number] of numbers) {
    const claim = claims.get(claimId)
    if (!claim) continue
    const question = describeQuestion(claim)
    groups.set(question, [...(groups.get(question) ?? []), note(claim, number, style)])
  }
  if (groups.size === 0) return []
  const lines = [...groups].flatMap(([question, notes]) => [`  ${question}`, ...notes])
  return ['', style.bold('Figures'), ...lines]
}

function describeQuestion({ dataVersion, params, question }: Claim): string {
  const version = `data ${dataVersion.watermark}, ${dataVersion.priceVersion}`
  return `${question} ${oneLine(JSON.stringify(params))} · ${version}`
}

function note(claim: Claim, number: number, style: Style): string {
  const { display, formula, label, rowCount } = claim
  const rows = `${rowCount} ${rowCount === 1 ? 'row' : 'rows'}`
  return `    [${number}] ${style.bold(display)} ${oneLine(label)} ${style.dim(`= ${oneLine(formula)} (${rows})`)}`
}
