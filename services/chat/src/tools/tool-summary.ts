import { displayFigure } from '@apex/protocol/figure-display'
import type { Answer } from '@apex/protocol/question'

/** The displayed value of one figure of an answer, or undefined when the answer lacks it. */
export function shown(answer: Answer, key: string): string | undefined {
  const figure = answer.figures.find((candidate) => candidate.key === key)
  return figure && displayFigure(figure.value, figure.unit, figure.rounding)
}

/** `7 rows`, `1 row`, `no rows`. */
export function rowsLine(answer: Answer): string {
  const count = answer.rows.length
  return count === 0 ? 'no rows' : count === 1 ? '1 row' : `${count} rows`
}

/** The titles of findings with one verdict, their figures put in; falls back to the number of rows. */
export function findingsLine(answer: Answer): string {
  const titles = answer.findings
    .filter(({ verdict }) => verdict === 'saves' || verdict === 'loses')
    .map(({ title }) => title.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, key: string) => shown(answer, key) ?? 'unknown'))
  return titles.length === 0 ? rowsLine(answer) : titles.slice(0, 2).join('; ')
}
