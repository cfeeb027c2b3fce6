import { AppError } from '@apex/kit/app-error'
import { type Answer, QUESTIONS, type Question, type QuestionName } from '@apex/protocol/question'
import { normaliseJson } from '@apex/protocol/text'
import type { PriceBook } from '../price-book/price-book.ts'
import type { CallTable } from '../store/call-table.ts'
import type { Batches } from '../versions/batches.ts'
import type { AnswerQuestion, QuestionContext, QuestionResult } from './question.ts'

/** How each question is answered, by name. */
export type QuestionAnswers = { [Name in QuestionName]: AnswerQuestion<Name> }

export type AskOptions = { calls: CallTable; batches: Batches; book: PriceBook; answers: QuestionAnswers }

/** A question of an organisation, at a data version or at the latest. */
export type Asked = { organizationId: string; question: Question; watermark?: number }

/** Asks a question of the calls as they are at one data version, which is read first and kept throughout. */
export type Ask = (asked: Asked) => Promise<Answer>

/** Creates the one way by which questions are asked. */
export function createAsk({ calls, batches, book, answers }: AskOptions): Ask {
  return async ({ organizationId, question, watermark }) => {
    const startedAt = performance.now()
    const visibility = await batches.visibility(organizationId, watermark)
    const context: QuestionContext = {
      book,
      read: (scope, statement) => calls.read({ visibility, scope }, statement),
    }
    requireOrder(question.params.scope)
    const result = await run(answers, context, question)
    return {
      question: question.question,
      params: normaliseJson(question.params) as Answer['params'],
      dataVersion: { watermark: visibility.watermark, priceVersion: book.version },
      ...result,
      elapsedMs: Math.round((performance.now() - startedAt) * 10) / 10,
    }
  }
}

/** Parses a stored question, such as a claim's, again; undefined when it is none any more. */
export function parseQuestion(question: QuestionName, params: unknown): Question | undefined {
  const parsed = QUESTIONS[question].safeParse(params)
  return parsed.success ? ({ question, params: parsed.data } as Question) : undefined
}

// The name and its parameters belong together, which the union of questions guarantees.
function run(
  answers: QuestionAnswers,
  context: QuestionContext,
  { question, params }: Question,
): Promise<QuestionResult> {
  const answer = answers[question] as (context: QuestionContext, params: unknown) => Promise<QuestionResult>
  return answer(context, params)
}

function requireOrder({ from, to }: Question['params']['scope']): void {
  if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return
  throw new AppError('unprocessable', 'The time range is empty: from must be before to.', {
    issues: [{ path: 'body.params.scope.to', message: 'must be after from' }],
  })
}
