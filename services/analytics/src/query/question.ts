import type { Answer, QuestionName, QuestionParams, Scope } from '@apex/protocol/question'
import type { PriceBook } from '../price-book/price-book.ts'
import type { CallStatement } from '../store/call-table.ts'

/** What a question may use: the calls of one organisation at one data version, and the price book. */
export type QuestionContext = {
  book: PriceBook
  read<Row>(scope: Scope, statement: CallStatement): Promise<Row[]>
}

/** What a question finds; the rest of an answer is the same for all. */
export type QuestionResult = Pick<
  Answer,
  'coverage' | 'columns' | 'rows' | 'figures' | 'findings' | 'gaps' | 'sufficiency'
>

/** One question of the protocol. */
export type AnswerQuestion<Name extends QuestionName> = (
  context: QuestionContext,
  params: QuestionParams[Name],
) => Promise<QuestionResult>
