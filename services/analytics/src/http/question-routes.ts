import { route } from '@apex/kit/http/route'
import { AskQuestion } from '@apex/protocol/endpoints/analytics/ask-question'
import type { AnalyticsTools } from './analytics-tools.ts'

/** The one address questions are asked at, by people and by runs that act for them. */
export function addQuestionRoutes({ app, ask, events, questions }: AnalyticsTools): void {
  route(app, AskQuestion, async ({ body, identity }) => {
    const { organizationId, userId } = identity
    const answer = await questions.run(userId, () => ask({ organizationId, question: body }))
    events.questionAnswered(identity, answer)
    return answer
  })
}
