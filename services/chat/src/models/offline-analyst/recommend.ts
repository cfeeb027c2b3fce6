import type { Finding } from '@apex/protocol/question'
import type { Recommendation } from '../../agents/apex-optimizer.ts'
import type { Evidence } from '../../evidence/claim-book.ts'

const SAVING_KEY = /^(?:saving|lever-saving|unattended-saving|batch-saving)(?::|$)/
/** Shares of the same saving, of the whole cost first. */
const SHARES = ['saving-of-total', 'lever-share', 'saving-share']
const ORDER: Record<Recommendation['verdict'], number> = { saves: 0, not_enough_evidence: 1, neutral: 2, loses: 3 }
const NO_RISK = 'The data says nothing about what it risks; try it on a small part first.'
const VERIFY = 'Import the calls of the days after the change and ask the same question again.'

/**
 * The levers as recommendations, ranked by what each saves alone; losses and open ones stay in. Where a plan has judged
 * the levers within the person's limits, its words stand, and the single questions add what would lose money.
 */
export function recommend(evidence: readonly Evidence[]): Recommendation[] {
  const planned = evidence.some((entry) => entry.question === 'savings_plan' && leversOf(entry).length > 0)
  const found = evidence.flatMap((entry) => {
    const levers = leversOf(entry)
    const kept =
      planned && entry.question !== 'savings_plan' ? levers.filter(({ verdict }) => verdict === 'loses') : levers
    return kept.map((finding) => ({
      recommendation: toRecommendation(entry, finding),
      worth: Number(savingOf(entry, finding)?.value ?? 0),
    }))
  })
  return found
    .sort((a, b) => ORDER[a.recommendation.verdict] - ORDER[b.recommendation.verdict] || b.worth - a.worth)
    .slice(0, 12)
    .map(({ recommendation }) => recommendation)
}

function leversOf(entry: Evidence): Finding[] {
  if (entry.question === 'savings_plan') return entry.findings.filter(({ code }) => code.startsWith('lever:'))
  return oneOfEach(entry)
}

/** Models exclude one another, so the nearest one and the one that saves most stand for all; they are listed elsewhere. */
function oneOfEach(entry: Evidence): Finding[] {
  const levers = entry.findings.filter(isLever)
  const saving = levers.filter(({ verdict }) => verdict === 'saves')
  if (entry.question !== 'model_swap' || saving.length < 2) return levers
  const worth = (finding: Finding) => Number(savingOf(entry, finding)?.value ?? 0)
  const best = saving.reduce((most, each) => (worth(each) > worth(most) ? each : most))
  return levers.filter((finding) => finding === saving[0] || finding === best)
}

function isLever({ verdict }: Finding): boolean {
  return verdict !== 'info'
}

function toRecommendation(entry: Evidence, finding: Finding): Recommendation {
  const { title, detail, verdict, risk, apply, verify } = finding
  return {
    title,
    verdict: verdict === 'info' ? 'neutral' : verdict,
    saving: savingOf(entry, finding)?.id ?? null,
    share: shareOf(entry, finding)?.id ?? null,
    detail,
    risk: risk ?? (verdict === 'saves' ? NO_RISK : ''),
    apply: apply.slice(0, 8),
    verify: verify ?? VERIFY,
  }
}

function savingOf({ figures }: Evidence, { figureKeys }: Finding) {
  return figures.find(({ key }) => SAVING_KEY.test(key) && figureKeys.includes(key))
}

function shareOf(entry: Evidence, finding: Finding) {
  const suffix = savingOf(entry, finding)?.key.split(':').slice(1).join(':') ?? ''
  const keys = SHARES.map((share) => (suffix === '' ? share : `${share}:${suffix}`))
  return keys.flatMap((wanted) => entry.figures.find(({ key }) => key === wanted) ?? [])[0]
}
