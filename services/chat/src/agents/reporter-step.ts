import type { FigureSpan } from '@apex/protocol/claim'
import type { Refusal } from '../evidence/figure-gate.ts'
import { StreamingGate } from '../evidence/streaming-gate.ts'
import { isOffline } from '../models/language-model.ts'
import { ModelFailedError, readTurn } from '../models/read-turn.ts'
import { DeltaWriter } from './delta-writer.ts'
import { durableStep } from './durable-step.ts'
import { withHeartbeat } from './heartbeat.ts'
import { agentCompleted, agentStarted, agentThinking, type Invocation } from './invocation.ts'
import { MODEL_STEP_MS } from './model-step.ts'
import { openingMessages } from './prompt.ts'
import { type Dossier, reporter } from './reporter.ts'
import type { RunEventInput, StepContext } from './run-context.ts'
import type { RunDesk } from './run-desk.ts'

/** The text of a reply as it was shown, and what the gate kept from being shown. */
export type WrittenReport = { text: string; figures: FigureSpan[]; refusals: Refusal[]; atMs: number }

export type ReporterStepEnd =
  | ({ kind: 'written'; costUsd: string | null } & WrittenReport)
  | { kind: 'failed'; reason: string; stepId: string; attempt: number; shownText: boolean; atMs: number }

const OFFLINE_LINE = '_Written by the rule-based offline analyst; no language model was asked._'
const SAMPLE_LINE = '_This answer includes generated sample data._'

/**
 * Streams the reporter's text through the figure gate to the reader. `withdraws` names an earlier reporter step whose
 * partial text no longer counts.
 */
export async function reporterStep(
  desk: RunDesk,
  invocation: Invocation,
  dossier: Dossier,
  withdraws?: { stepId: string; attempt: number },
): Promise<ReporterStepEnd> {
  const stepId = `${invocation.stepPrefix}/write`
  const end = await durableStep<ReporterStepEnd>(desk.context, stepId, async (step) => {
    const atMs = desk.clock.nowMs()
    await step.append([
      ...(withdraws ? [withdrawal(withdraws)] : []),
      agentStarted(invocation),
      agentThinking(invocation, reporter.firstThought),
    ])
    const writer = new DeltaWriter(desk.context, step, desk.clock, invocation)
    try {
      const written = await write(desk, invocation, { step, writer, dossier })
      const thought = agentThinking(
        invocation,
        'The text is complete; storing the evidence of its figures.',
        written.usage,
      )
      return {
        result: {
          kind: 'written',
          ...writer.whole(),
          refusals: written.refusals,
          costUsd: written.usage.costUsd,
          atMs,
        },
        events: [thought],
      }
    } catch (error) {
      if (!(error instanceof ModelFailedError)) throw error
      desk.log.warn({ error }, 'reporter model failed')
      const reason = error.message
      const durationMs = desk.clock.nowMs() - atMs
      const shownText = writer.whole().text !== ''
      return {
        result: { kind: 'failed', reason, stepId, attempt: step.attempt, shownText, atMs },
        events: [agentCompleted(invocation, { outcome: 'failed', summary: reason, durationMs })],
      }
    }
  })
  if (end.kind === 'written') desk.addCost(end.costUsd)
  return end
}

async function write(
  desk: RunDesk,
  invocation: Invocation,
  { step, writer, dossier }: { step: StepContext; writer: DeltaWriter; dossier: Dossier },
) {
  const { model } = desk
  const gate = new StreamingGate(desk.gateRules())
  const work = readTurn({
    model,
    call: { prompt: openingMessages(reporter, dossier, []) },
    signal: step.signal,
    stepMs: MODEL_STEP_MS,
    async onText(delta) {
      for (const piece of gate.push(delta)) await writer.write(piece)
    },
  })
  const turn = await withHeartbeat(work, desk.clock, () =>
    step.append([agentThinking(invocation, 'Still writing; the next sentence is on its way.')]),
  )
  for (const piece of gate.end()) await writer.write(piece)
  await writer.flush()
  if (writer.whole().text.trim() === '') throw new ModelFailedError(model.modelId, new Error('it wrote nothing'))
  const labels = [
    ...(dossier.evidence.some(({ coverage }) => coverage.containsSampleData) ? [SAMPLE_LINE] : []),
    ...(isOffline(model) ? [OFFLINE_LINE] : []),
  ]
  if (labels.length > 0) await writer.write({ text: `\n\n${labels.join(' ')}\n`, figures: [] })
  await writer.flush()
  return { refusals: gate.refusals, usage: turn.usage }
}

function withdrawal({ stepId, attempt }: { stepId: string; attempt: number }): RunEventInput {
  const reason = 'The model did not finish its answer; what it had written is withdrawn.'
  return {
    type: 'attempt_superseded',
    payload: { supersededStepId: stepId, supersededAttempt: attempt, reason },
  }
}
