import type { Report } from '@apex/protocol/report'
import { numberFigures } from '../markdown/numbered-figures.ts'
import { strings } from '../strings.ts'

/** A report as a Markdown file: the text with footnotes, one for each figure, and what was not known. */
export function reportMarkdown(report: Report): string {
  const words = strings.evidence.report
  const labels = [
    strings.chat.answer.kind[report.kind],
    report.publishedAt,
    ...(report.offline ? [strings.offlineAnalyst] : [report.model]),
    ...(report.containsSampleData ? [strings.sampleData] : []),
  ]
  const sections = [
    report.text.startsWith('# ') ? '' : `# ${report.title}`,
    `_${labels.join(' · ')}_`,
    withFootnotes(report),
    list(words.unknown, report, report.unknowns),
    list(words.nextSteps, report, report.nextSteps),
    footnotes(report),
  ]
  return `${sections.filter(Boolean).join('\n\n')}\n`
}

function withFootnotes(report: Report): string {
  let text = ''
  let done = 0
  for (const figure of numberFigures(report.figures)) {
    const end = figure.offset + figure.length
    text += `${report.text.slice(done, end)}[^${figure.number}]`
    done = end
  }
  return text + report.text.slice(done)
}

function footnotes(report: Report): string {
  const seen = new Set<string>()
  return numberFigures(report.figures)
    .filter(({ claimId }) => !seen.has(claimId) && seen.add(claimId))
    .map(({ claimId, number }) => {
      const claim = report.claims.find(({ id }) => id === claimId)
      if (!claim) return `[^${number}]: ${claimId}`
      const { label, display, question, figureKey, params, formula, dataVersion } = claim
      const query = `\`${question} ${JSON.stringify(params)}\`, figure \`${figureKey}\``
      return `[^${number}]: ${label}: ${display}. ${query}. ${formula}. ${dataVersion.priceVersion}, data version ${dataVersion.watermark}.`
    })
    .join('\n')
}

function list(title: string, report: Report, items: readonly string[]): string {
  const absent = items.filter((item) => !report.text.includes(item))
  return absent.length === 0 ? '' : `## ${title}\n\n${absent.map((item) => `- ${item}`).join('\n')}`
}
