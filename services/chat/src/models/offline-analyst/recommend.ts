import type { Finding } from '@apex/protocol/question'
import type { Recommendation } from '../../agents/apex-optimizer.ts'
import type { Evidence } from '../../evidence/claim-book.ts'

const SAVING_KEY = /^(?:saving|lever-saving|batch-saving-bound|goal-saving)(?::|$)/
const SHARE_KEY = /^(?:saving-share|lever-share|batch-share|ratio)(?::|$)/
const ORDER: Record<Recommendation['verdict'], number> = { saves: 0, not_enough_evidence: 1, neutral: 2, loses: 3 }
const NO_RISK = 'No risk to quality is known; the price is the only thing that changes.'
const VERIFY = 'Import the calls of the days after the change and ask the same question again.'

/** The findings of every lever as recommendations, ranked by what each saves alone; losses and open ones stay in. */
export function recommend(evidence: readonly Evidence[]): Recommendation[] {
  const levers = evidence.filter(({ question }) => question !== 'savings_plan')
  const sources = levers.some(({ findings }) => findings.some(isLever)) ? levers : evidence
  const found = sources.flatMap((entry) =>
    entry.findings.filter(isLever).map((finding) => ({
      recommendation: toRecommendation(entry, finding),
      worth: Number(figureFor(entry, finding, SAVING_KEY)?.value ?? 0),
    })),
  )
  return found
    .sort((a, b) => ORDER[a.recommendation.verdict] - ORDER[b.recommendation.verdict] || b.worth - a.worth)
    .slice(0, 12)
    .map(({ recommendation }) => recommendation)
}

function isLever({ verdict }: Finding): boolean {
  return verdict !== 'info'
}

function toRecommendation(entry: Evidence, finding: Finding): Recommendation {
  const { title, detail, verdict, risk, apply, verify } = finding
  return {
    title,
    verdict: verdict === 'info' ? 'neutral' : verdict,
    saving: figureFor(entry, finding, SAVING_KEY)?.id ?? null,
    share: figureFor(entry, finding, SHARE_KEY)?.id ?? null,
    detail,
    risk: risk ?? NO_RISK,
    apply: apply.slice(0, 8),
    verify: verify ?? VERIFY,
  }
}

function figureFor(entry: Evidence, { figureKeys }: Finding, kind: RegExp) {
  return entry.figures.find(({ key }) => kind.test(key) && figureKeys.includes(key))
}
