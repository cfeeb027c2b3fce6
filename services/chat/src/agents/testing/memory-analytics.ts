import type { Claim } from '@apex/protocol/claim'
import { type Answer, Question } from '@apex/protocol/question'
import type { AnalyticsPort } from '../../tools/analytics-port.ts'
import { type AnswerInput, answerOf, CHAT_HOUR } from './answers.ts'

type Change = (asked: Question, nth: number) => AnswerInput | Error | undefined

/** Analytics in memory: answers from fixtures, `change` puts another answer or an error in the place of one. */
export class MemoryAnalytics implements AnalyticsPort {
  readonly asked: Question[] = []
  readonly published = new Map<string, readonly Claim[]>()
  readonly #change: Change
  /** Applied to a finished answer, for data that moves on or an answer that was tampered with. */
  readonly #alter: (answer: Answer, nth: number) => Answer

  constructor(change: Change = () => undefined, alter: (answer: Answer, nth: number) => Answer = (answer) => answer) {
    this.#change = change
    this.#alter = alter
  }

  async ask(question: Question): Promise<Answer> {
    const asked = Question.parse(question)
    this.asked.push(asked)
    const key = JSON.stringify(asked)
    const nth = this.asked.filter((earlier) => JSON.stringify(earlier) === key).length
    const changed = this.#change(asked, nth)
    if (changed instanceof Error) throw changed
    return this.#alter(answerOf(asked, changed ?? fixtureOf(asked)), nth)
  }

  async publishClaims(runId: string, claims: readonly Claim[]): Promise<void> {
    this.published.set(runId, claims)
  }
}

function fixtureOf(asked: Question): AnswerInput {
  const isUnnamed = asked.question === 'breakdown' && asked.params.by !== 'model'
  if (!isUnnamed) return CHAT_HOUR[asked.question]
  return {
    rows: [{ [asked.params.by]: '', cost_usd: '96.791325', calls: 19366 }],
    figures: { 'top-share': ['1', 'ratio', 1] },
  }
}
