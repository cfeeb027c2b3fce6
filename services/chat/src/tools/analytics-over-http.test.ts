import type { Claim } from '@apex/protocol/claim'
import { describe, expect, test } from 'vitest'
import { answerOf } from '../agents/testing/answers.ts'
import { claimOf } from '../evidence/claim-book.ts'
import { createAnalyticsOverHttp } from './analytics-over-http.ts'

const RUN = '01990000-0000-7000-8000-000000000001'
const answer = answerOf({ question: 'overview', params: { scope: {} } }, { figures: { calls: ['3', 'calls', 0] } })
const claims: Claim[] = answer.figures.map((figure) => claimOf('calls', figure, answer))

function analytics(respond: (request: Request) => Response) {
  const requests: Request[] = []
  const port = createAnalyticsOverHttp({
    baseUrl: 'http://analytics',
    authorize: async () => 'delegation-token',
    fetch: async (request) => {
      requests.push(request.clone())
      return respond(request)
    },
  })
  return { port, requests }
}

describe('createAnalyticsOverHttp', () => {
  test('asks with the delegation token of the run and parses the answer', async () => {
    const { port, requests } = analytics(() => Response.json(answer))

    expect(await port.ask({ question: 'overview', params: { scope: {} } })).toEqual(answer)
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer delegation-token')
    expect(await requests[0]?.json()).toEqual({ question: 'overview', params: { scope: {} } })
  })

  test('puts the claims of a run under its id', async () => {
    const { port, requests } = analytics(() => Response.json({ stored: 1 }))

    await port.publishClaims(RUN, claims)

    expect(requests[0]).toMatchObject({ method: 'PUT', url: `http://analytics/api/v1/reports/${RUN}/claims` })
    expect(await requests[0]?.json()).toEqual({ claims })
  })

  test('refuses an answer that is not one', async () => {
    const { port } = analytics(() => Response.json({ question: 'overview' }))

    await expect(port.ask({ question: 'overview', params: { scope: {} } })).rejects.toThrow('not what this version')
  })
})
