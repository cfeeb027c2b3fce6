import type { Claim } from '@apex/protocol/claim'
import type { Figure } from '@apex/protocol/figure'
import { displayFigure } from '@apex/protocol/figure-display'
import type { Answer, Finding, Question, QuestionName } from '@apex/protocol/question'
import { claimIdFor } from './claim-id.ts'
import { identifiersIn } from './identifiers-in.ts'

/** One answer as agents and reports read it: its figures by claim id, its findings with `{{claim-id}}` placeholders. */
export type Evidence = Pick<
  Answer,
  'question' | 'params' | 'coverage' | 'columns' | 'rows' | 'gaps' | 'sufficiency'
> & {
  figures: EvidenceFigure[]
  findings: Finding[]
}

/** A figure that may be quoted as `{{id}}`. */
export type EvidenceFigure = Pick<Figure, 'key' | 'label' | 'value' | 'unit'> & { id: string; display: string }

type Page = { answer: Answer; ids: Map<string, string> }

const ROWS_SHOWN = 20

/**
 * All answers of a run and the claims that may be quoted from them. Ids depend only on the order in which answers are
 * added, so a replay that adds the same answers gives the same ids.
 */
export class ClaimBook {
  readonly #pages = new Map<string, Page>()
  readonly #claims = new Map<string, Claim>()

  /** Enters an answer and returns what may be quoted; the same question again keeps its ids and takes the new values. */
  add(answer: Answer): Evidence {
    const key = askedKey(answer)
    const page: Page = { answer, ids: this.#pages.get(key)?.ids ?? new Map() }
    for (const figure of answer.figures) {
      const id = page.ids.get(figure.key) ?? claimIdFor(figure.key, (taken) => this.#claims.has(taken))
      page.ids.set(figure.key, id)
      this.#claims.set(id, claimOf(id, figure, answer))
    }
    for (const [figureKey, id] of page.ids) {
      if (!answer.figures.some((figure) => figure.key === figureKey)) this.#claims.delete(id)
    }
    this.#pages.set(key, page)
    return this.#evidenceOf(page)
  }

  claim(id: string): Claim | undefined {
    return this.#claims.get(id)
  }

  /** Every claim that may still be quoted. */
  claims(): Claim[] {
    return [...this.#claims.values()]
  }

  /** Withdraws the claims of a question whose figures another answer gives as well. */
  dropQuestion(question: QuestionName): void {
    for (const [id, claim] of this.#claims) if (claim.question === question) this.#claims.delete(id)
  }

  /** Withdraws a claim: a text that quotes it is refused by the gate. */
  drop(id: string): void {
    this.#claims.delete(id)
  }

  /** Everything found so far, in the order it was asked. */
  evidence(): Evidence[] {
    return [...this.#pages.values()].map((page) => this.#evidenceOf(page))
  }

  /** What was asked, as the questions to ask again. */
  questions(): Question[] {
    return [...this.#pages.values()].map(({ answer }) => questionOf(answer))
  }

  /** Names with digits that the answers speak of, such as models, services and rules. */
  identifiers(): string[] {
    const names = [...this.#pages.values()].flatMap(({ answer }) => [
      ...answer.rows.flatMap((row) => Object.values(row)),
      ...groupLabels(answer),
      ...answer.figures.map((figure) => figure.key.split(':').slice(1).join(':')),
      ...answer.figures.flatMap((figure) => identifiersIn(figure.label)),
      ...answer.coverage.unpricedModels,
      ...textsOf(answer).flatMap(identifiersIn),
      ...flatten(answer.params),
      answer.dataVersion.priceVersion,
    ])
    return [...new Set(names.filter(isIdentifier))]
  }

  #evidenceOf({ answer, ids }: Page): Evidence {
    const figures = answer.figures.flatMap((figure) => {
      const claim = this.#claims.get(ids.get(figure.key) ?? '')
      if (!claim) return []
      return [
        {
          id: claim.id,
          key: figure.key,
          label: figure.label,
          value: claim.value,
          unit: claim.unit,
          display: claim.display,
        },
      ]
    })
    const quote = (text: string) =>
      text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, key: string) => `{{${ids.get(key) ?? key}}}`)
    const { question, params, coverage, columns, sufficiency } = answer
    return {
      question,
      params,
      coverage,
      columns,
      rows: answer.rows.slice(0, ROWS_SHOWN),
      gaps: answer.gaps.map(({ code, what, effect, how }) => ({
        code,
        what: quote(what),
        effect: quote(effect),
        how: quote(how),
      })),
      ...(sufficiency && { sufficiency }),
      figures,
      findings: answer.findings.map((finding) => quoteFinding(finding, quote)),
    }
  }
}

/** A claim for a figure of an answer. */
export function claimOf(id: string, figure: Figure, answer: Answer): Claim {
  return {
    id,
    label: figure.label,
    value: figure.value,
    unit: figure.unit,
    rounding: figure.rounding,
    display: displayFigure(figure.value, figure.unit, figure.rounding),
    question: answer.question,
    params: answer.params,
    figureKey: figure.key,
    dataVersion: answer.dataVersion,
    rows: figure.rows,
    rowCount: figure.rowCount,
    formula: figure.formula,
  }
}

/** One key for a question with its parameters, whatever the order of their names. */
export function askedKey(asked: { question: string; params: unknown }): string {
  return `${asked.question} ${canonicalJson(asked.params)}`
}

/** The question an answer or a claim belongs to; the wire parses it again on arrival. */
export function questionOf(asked: Pick<Answer, 'question' | 'params'>): Question {
  return { question: asked.question, params: asked.params } as Question
}

function quoteFinding(finding: Finding, quote: (text: string) => string): Finding {
  const { risk, verify, ...rest } = finding
  return {
    ...rest,
    title: quote(finding.title),
    detail: quote(finding.detail),
    apply: finding.apply.map(quote),
    ...(risk !== undefined && { risk: quote(risk) }),
    ...(verify !== undefined && { verify: quote(verify) }),
  }
}

/** What analytics says in words: it quotes figures by key only, so a digit in it belongs to a name. */
function textsOf({ findings, gaps }: Answer): string[] {
  return [
    ...findings.flatMap(({ title, detail, risk = '', verify = '', apply }) => [title, detail, risk, verify, ...apply]),
    ...gaps.flatMap(({ what, effect, how }) => [what, effect, how]),
  ]
}

/** Groups with their dimension, such as `user=4711`: so a name that is nothing but digits can be told from a figure. */
function groupLabels({ params, rows }: Answer): string[] {
  const by = params['by']
  return typeof by === 'string' ? rows.flatMap((row) => (typeof row[by] === 'string' ? [`${by}=${row[by]}`] : [])) : []
}

function isIdentifier(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length <= 128 &&
    /^\p{L}/u.test(name) &&
    /\p{N}/u.test(name) &&
    !/[$€£%]/.test(name)
  )
}

function flatten(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  return Object.values(value).flatMap(flatten)
}

function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}
