import type { Claim } from '@apex/protocol/claim'
import { displayFigure } from '@apex/protocol/figure-display'
import { Answer } from '@apex/protocol/question'
import { z } from 'zod'
import type { AnalyticsPort } from '../tools/analytics-port.ts'
import { askedKey, questionOf } from './claim-book.ts'

/** What asking every claim's question a second time gave. */
export const Recheck = z.object({
  checked: z.int().nonnegative(),
  /** Claims whose figure is not what the same data gives now; they must not be published. */
  mismatches: z.array(z.object({ claimId: z.string(), reason: z.enum(['value', 'unit', 'display', 'missing']) })),
  /** Answers from data that has moved on since; the report takes them. */
  refreshed: z.array(Answer),
  /** Claims whose question could not be asked again. */
  unreachable: z.array(z.string()),
})
export type Recheck = z.output<typeof Recheck>

const AT_ONCE = 3

/** Asks the question of every claim again and compares value, unit and display exactly. */
export async function recheckFigures(
  claims: readonly Claim[],
  analytics: AnalyticsPort,
  signal: AbortSignal,
): Promise<Recheck> {
  const groups = [...Map.groupBy(claims, askedKey).values()]
  const recheck: Recheck = { checked: claims.length, mismatches: [], refreshed: [], unreachable: [] }
  for (let next = 0; next < groups.length; next += AT_ONCE) {
    const batch = groups.slice(next, next + AT_ONCE)
    const answers = await Promise.all(batch.map((group) => askAgain(group[0], analytics, signal)))
    batch.forEach((group, index) => {
      const answer = answers[index]
      if (!answer) recheck.unreachable.push(...group.map((claim) => claim.id))
      else if (group[0] && isSameVersion(group[0], answer)) recheck.mismatches.push(...compare(group, answer))
      else recheck.refreshed.push(answer)
    })
  }
  return recheck
}

async function askAgain(
  claim: Claim | undefined,
  analytics: AnalyticsPort,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  try {
    return claim && (await analytics.ask(questionOf(claim), signal))
  } catch {
    // A question that cannot be asked again leaves its claims unproven, which is a result and not an error.
    signal.throwIfAborted()
    return undefined
  }
}

function isSameVersion(claim: Claim, { dataVersion }: Answer): boolean {
  return (
    claim.dataVersion.watermark === dataVersion.watermark && claim.dataVersion.priceVersion === dataVersion.priceVersion
  )
}

function compare(claims: readonly Claim[], answer: Answer): Recheck['mismatches'] {
  return claims.flatMap((claim) => {
    const reason = difference(claim, answer)
    return reason ? [{ claimId: claim.id, reason }] : []
  })
}

function difference(claim: Claim, answer: Answer): Recheck['mismatches'][number]['reason'] | undefined {
  const figure = answer.figures.find(({ key }) => key === claim.figureKey)
  if (!figure) return 'missing'
  if (figure.value !== claim.value) return 'value'
  if (figure.unit !== claim.unit) return 'unit'
  return displayFigure(figure.value, figure.unit, figure.rounding) === claim.display ? undefined : 'display'
}
