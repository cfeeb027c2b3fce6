import type { Dimension, QuestionName } from '@apex/protocol/question'
import type { Evidence, EvidenceFigure } from '../../evidence/claim-book.ts'

/** What Markdown reads as a link, an image, emphasis or an element; names come from files anybody may have made. */
const MARKUP = /[[\]<>*]/

/** Evidence as a dossier or a tool result carries it; units travel as plain text there. */
export type ReadableEvidence = Omit<Evidence, 'figures' | 'sufficiency'> & {
  figures: (Omit<EvidenceFigure, 'unit'> & { unit: string })[]
}

/** The placeholder of a figure, or undefined when the answer lacks it. */
export function quote(evidence: ReadableEvidence | undefined, key: string): string | undefined {
  const id = evidence?.figures.find((figure) => figure.key === key)?.id
  return id === undefined ? undefined : `{{${id}}}`
}

/** The value of a figure for ranking and comparing only; what is shown always comes from its claim. */
export function valueOf(evidence: ReadableEvidence | undefined, key: string): number | undefined {
  const value = evidence?.figures.find((figure) => figure.key === key)?.value
  return value === undefined ? undefined : Number(value)
}

/** Figures whose key is `prefix:<name>`, with the name, in the answer's order. */
export function named(
  evidence: ReadableEvidence | undefined,
  prefix: string,
): { name: string; id: string; value: number }[] {
  return (evidence?.figures ?? []).flatMap(({ key, id, value }) =>
    key.startsWith(`${prefix}:`) ? [{ name: key.slice(prefix.length + 1), id, value: Number(value) }] : [],
  )
}

/** The first answer to a question, optionally of one breakdown. */
export function answerTo<E extends ReadableEvidence>(
  evidence: readonly E[],
  question: QuestionName,
  by?: Dimension,
): E | undefined {
  return evidence.find((entry) => entry.question === question && (by === undefined || entry.params['by'] === by))
}

/** The values of a breakdown's dimension, largest first, without "not given" and without the rest. */
export function groupsOf(evidence: ReadableEvidence | undefined): string[] {
  return (evidence?.rows ?? []).flatMap((row) => {
    const value = groupName(evidence, row)
    return value === '' || isRest(row) ? [] : [value]
  })
}

/** The name of the group a row of a breakdown is about; empty when it was not given. */
export function groupName(evidence: ReadableEvidence | undefined, row: Record<string, unknown>): string {
  return textOf(row[param(evidence, 'by')])
}

/** A group's name as a text may show it: with a digit first or markup in it, it stands in code. */
export function groupLabel(evidence: ReadableEvidence | undefined, name: string): string {
  if (name === '') return 'not given'
  const plain = name.replaceAll('|', '/').replaceAll('`', "'")
  return /^\p{L}|^[^\p{N}]*$/u.test(plain) && !MARKUP.test(plain) ? plain : `\`${param(evidence, 'by')}=${plain}\``
}

/** Whether a row stands for all groups that have no row of their own. */
export function isRest(row: Record<string, unknown>): boolean {
  return row['rest'] === true
}

/** The key under which a group's figures stand, as analytics makes it from the group's value. */
export function groupKey(evidence: ReadableEvidence | undefined, row: Record<string, unknown>): string {
  const value = groupName(evidence, row)
  if (isRest(row)) return 'other'
  return value === '' ? 'none' : value.replaceAll(/[^a-zA-Z0-9._/-]+/g, '-').slice(0, 80)
}

/** A parameter of the question that is text, such as the dimension of a breakdown; empty when it is absent. */
export function param(evidence: Pick<ReadableEvidence, 'params'> | undefined, name: string): string {
  return textOf(evidence?.params[name])
}

/** A value that is text, else nothing. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
