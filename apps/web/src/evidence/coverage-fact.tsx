import type { Claim } from '@apex/protocol/claim'
import { AskQuestion } from '@apex/protocol/endpoints/analytics/ask-question'
import { Question } from '@apex/protocol/question'
import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '../app/app-context.tsx'
import { formatCount, formatShare } from '../format/number.ts'
import { Bone } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'

/** How many calls the figure's question covers today, and which share has no price or usage. */
export function CoverageFact({ claim }: { claim: Claim }) {
  const { client } = useWorkspace()
  const question = Question.safeParse({ question: claim.question, params: claim.params })
  const answer = useQuery({
    queryKey: ['coverage', claim.question, claim.params],
    queryFn: ({ signal }) => client.call(AskQuestion, { body: question.data as Question, signal }),
    enabled: question.success,
    staleTime: 60_000,
    select: ({ coverage }) => coverage,
  })
  return (
    <>
      <dt>{strings.evidence.coverage}</dt>
      <dd>
        {answer.isLoading ? (
          <Bone width="60%" />
        ) : answer.data ? (
          coverageText(answer.data)
        ) : (
          strings.evidence.coverageUnknown
        )}
      </dd>
    </>
  )
}

function coverageText(coverage: { calls: number; unpricedCalls: number; unknownUsageCalls: number }): string {
  const { calls, unpricedCalls, unknownUsageCalls } = coverage
  return [
    strings.evidence.calls(formatCount(calls)),
    unpricedCalls > 0 ? strings.evidence.unpriced(formatShare(unpricedCalls, calls)) : strings.evidence.allPriced,
    ...(unknownUsageCalls > 0 ? [strings.evidence.unknownUsage(formatShare(unknownUsageCalls, calls))] : []),
  ].join(', ')
}
