import { AppError } from '@apex/kit/app-error'
import type { Claim } from '@apex/protocol/claim'
import type { DataVersion } from '@apex/protocol/data-version'
import type { Figure } from '@apex/protocol/figure'
import type { Answer, Question } from '@apex/protocol/question'
import { parseDecimal } from '../exact/decimal.ts'
import { type Ask, parseQuestion } from '../query/ask.ts'
import type { Batches } from '../versions/batches.ts'
import { describeChanges } from './describe-changes.ts'

/** What asking a claim's question again gave. */
export type Rerun = {
  result: 'same' | 'changed' | 'unanswerable'
  figure: Figure | null
  dataVersion: DataVersion
  /** What differs, for a person; empty when the result is the same. */
  because: string[]
}

type Given = { ask: Ask; batches: Batches; priceVersion: string }
type Doubted = { organizationId: string; claim: Claim }

/** Asks the question of a claim at the latest data and compares the figure; failures that may pass are thrown. */
export async function rerunClaim(given: Given, { organizationId, claim }: Doubted): Promise<Rerun> {
  const question = parseQuestion(claim.question, claim.params)
  const outcome = question
    ? await tryToAsk(given.ask, organizationId, question)
    : `The question ${claim.question} is not asked in this form any more.`
  if (typeof outcome === 'string') {
    const { watermark } = await given.batches.visibility(organizationId)
    const dataVersion = { watermark, priceVersion: given.priceVersion }
    return { result: 'unanswerable', figure: null, dataVersion, because: [outcome] }
  }
  const { dataVersion } = outcome
  const figure = outcome.figures.find((each) => each.key === claim.figureKey)
  const changes = async () =>
    describeChanges({
      changes: await given.batches.changesSince(organizationId, claim.dataVersion.watermark),
      before: claim.dataVersion,
      now: dataVersion,
    })
  if (!figure) {
    const missing = `The answer to the question has no figure ${claim.figureKey} any more.`
    return { result: 'unanswerable', figure: null, dataVersion, because: [missing, ...(await changes())] }
  }
  if (sameValue(claim, figure)) return { result: 'same', figure, dataVersion, because: [] }
  const because = await changes()
  if (claim.formula !== figure.formula)
    because.push(`It was computed as “${claim.formula}”, now as “${figure.formula}”.`)
  if (because.length === 0) because.push('Neither calls nor prices changed: the way the figure is computed did.')
  return { result: 'changed', figure, dataVersion, because }
}

/** The answer, or why the question cannot be answered whenever it is asked. */
async function tryToAsk(ask: Ask, organizationId: string, question: Question): Promise<Answer | string> {
  try {
    return await ask({ organizationId, question })
  } catch (error) {
    if (error instanceof AppError && error.code === 'unprocessable') return error.message
    throw error
  }
}

function sameValue(claim: Claim, figure: Figure): boolean {
  return claim.unit === figure.unit && exact(claim.value) === exact(figure.value)
}

// Beyond any scale a figure has, so that 1.50 and 1.5 are one value.
function exact(value: string): bigint | string {
  return parseDecimal(value, 30) ?? value
}
