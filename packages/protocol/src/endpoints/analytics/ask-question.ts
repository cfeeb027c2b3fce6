import { endpoint } from '../../endpoint.ts'
import { Answer, Question } from '../../question.ts'

/** Answers one typed question about the organisation's calls. */
export const AskQuestion = endpoint({
  name: 'askQuestion',
  method: 'POST',
  path: '/api/v1/questions',
  auth: 'delegated',
  body: Question,
  response: Answer,
  errors: ['unprocessable', 'timeout', 'busy', 'unavailable'],
  service: 'analytics',
  summary: "Answers one typed question about the organisation's calls.",
})
