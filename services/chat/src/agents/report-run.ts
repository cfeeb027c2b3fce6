import type { ReportKind } from '@apex/protocol/report'
import { isOffline } from '../models/language-model.ts'
import { examplesFor } from '../models/offline-analyst/write-without-data.ts'
import { ModelFailedError } from '../models/read-turn.ts'
import type { Conductor } from './conductor.ts'
import { durableStep } from './durable-step.ts'
import { agentCompleted, agentStarted, agentThinking, type Invocation } from './invocation.ts'
import { publishReport } from './publish-report.ts'
import { type Dossier, reporter } from './reporter.ts'
import { reporterStep, type WrittenReport } from './reporter-step.ts'
import { needsNoData } from './route.ts'
import type { RunDesk } from './run-desk.ts'
import type { RunFindings } from './run-findings.ts'
import { sayGap, statedGaps } from './stated-gaps.ts'
import { figureFree } from './timeline-text.ts'
import { validation } from './validation.ts'

const WITHHELD = 'A statement was withheld from the text because no evidence covered a figure in it.'

/** Writes and publishes the answer from what the agents found; it does not fail when they did. */
export async function reportRun(conductor: Conductor, findings: RunFindings): Promise<ReportKind> {
  const { desk } = conductor
  const dossier = makeDossier(desk, findings)
  const { invocation, written } = await writeReport(conductor, dossier)
  if (written.refusals.length > 0) await reportRefusals(conductor, written)
  const refused = written.refusals.length > 0
  return await publishReport(desk, invocation, written, {
    kind: dossier.kind === 'full' && (refused || written.tookOver) ? 'partial' : dossier.kind,
    title: figureFree(findings.triage.title, desk.gateRules()) ?? 'Answer',
    unknowns: statedUnknowns(desk, findings),
    nextSteps: nextSteps(desk, findings),
    containsSampleData: dossier.evidence.some(({ coverage }) => coverage.containsSampleData),
  })
}

async function writeReport(
  conductor: Conductor,
  dossier: Dossier,
): Promise<{ invocation: Invocation; written: WrittenReport & { tookOver: boolean } }> {
  const { desk } = conductor
  const first = desk.invoke(reporter, conductor.supervisor.id)
  const end = await reporterStep(desk, first, dossier)
  if (end.kind === 'written') return { invocation: first, written: { ...end, tookOver: false } }
  if (isOffline(desk.model)) throw new ModelFailedError(desk.model.modelId, new Error(end.reason))
  conductor.takeOver()
  const second = desk.invoke(reporter, conductor.supervisor.id)
  const withdrawn = end.shownText ? { stepId: end.stepId, attempt: end.attempt } : undefined
  const again = await reporterStep(desk, second, { ...dossier, unknowns: [...desk.unknowns] }, withdrawn)
  if (again.kind === 'written') return { invocation: second, written: { ...again, tookOver: true } }
  throw new ModelFailedError(desk.model.modelId, new Error(again.reason))
}

/** Validation says what it kept from being shown. */
async function reportRefusals(conductor: Conductor, { refusals, atMs }: WrittenReport): Promise<void> {
  const { desk } = conductor
  const invocation = desk.invoke(validation, conductor.supervisor.id)
  desk.log.warn({ refusals: refusals.map(({ reason }) => reason) }, 'the figure gate withheld text')
  desk.addUnknown(WITHHELD)
  await durableStep(desk.context, `${invocation.stepPrefix}/draft`, async () => ({
    result: null,
    events: [
      agentStarted(invocation),
      agentThinking(invocation, 'Looking for numerals in the draft that no evidence covers.'),
      agentCompleted(invocation, { outcome: 'completed', summary: WITHHELD, durationMs: desk.clock.nowMs() - atMs }),
    ],
  }))
}

function makeDossier(desk: RunDesk, findings: RunFindings): Dossier {
  const { question, history } = desk.context.facts
  const { triage, sufficiency, analysis, optimizer, dataHelp, unavailable } = findings
  return {
    question,
    history: [...history],
    kind: kindOf(desk, findings),
    sufficiency,
    triage,
    analysis,
    optimizer,
    dataHelp,
    evidence: desk.book.evidence(),
    unknowns: allUnknowns(desk, findings),
    nextSteps: nextSteps(desk, findings),
    unavailable: unavailable.map(({ name, willDo, meanwhile }) => ({ agent: name, willDo, meanwhile })),
  }
}

function kindOf(desk: RunDesk, { triage, sufficiency, failed }: RunFindings): ReportKind {
  if (needsNoData(triage)) {
    return triage.intents.some((intent) => intent === 'greeting' || intent === 'about') ? 'guidance' : 'fallback'
  }
  if (sufficiency === 'insufficient') return 'guidance'
  if (triage.intents.every((intent) => intent === 'data_help')) return 'guidance'
  const answered = desk.book
    .evidence()
    .some(({ question, figures }) => question !== 'data_sufficiency' && figures.length > 0)
  if (!answered) return 'fallback'
  const gapless = sufficiency === 'sufficient' && !failed && triage.unknowns.length === 0 && desk.unknowns.length === 0
  return gapless ? 'full' : 'partial'
}

/** Everything the answer cannot know: from triage, from what failed, from the gaps in the data. */
function allUnknowns(desk: RunDesk, { triage }: RunFindings): string[] {
  const gaps = needsNoData(triage) ? [] : statedGaps(desk.book.evidence(), triage)
  return [...new Set([...triage.unknowns, ...desk.unknowns, ...gaps.map(sayGap)])]
}

function statedUnknowns(desk: RunDesk, findings: RunFindings): string[] {
  const rules = desk.gateRules()
  return allUnknowns(desk, findings).flatMap((sentence) => figureFree(sentence, rules) ?? [])
}

function nextSteps(desk: RunDesk, { triage, optimizer, dataHelp }: RunFindings): string[] {
  const rules = desk.gateRules()
  if (needsNoData(triage)) return examplesFor({ evidence: desk.book.evidence() }).map((example) => `Ask: “${example}”`)
  const helpful = optimizer?.recommendations.filter(({ verdict }) => verdict === 'saves') ?? []
  const steps = [
    ...helpful.slice(0, 3).flatMap(({ apply, title }) => apply[0] ?? title),
    ...(dataHelp?.steps.slice(0, 3).flatMap(({ how }) => how[0] ?? []) ?? []),
    ...(dataHelp
      ? []
      : statedGaps(desk.book.evidence(), triage)
          .slice(0, 3)
          .map(({ how }) => how)),
  ]
  return [...new Set(steps)].flatMap((step) => figureFree(step, rules) ?? [])
}
