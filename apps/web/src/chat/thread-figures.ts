import type { RunView } from '@apex/client/run-view'
import type { Turn } from '@apex/client/thread-view'
import type { PublishedFigure } from '../evidence/evidence-panel.tsx'
import { type NumberedFigure, numberFigures } from '../markdown/numbered-figures.ts'

/** The text that answers: as it streams, or the report's own where nothing was streamed. */
export function replyOf(run: RunView): { text: string; figures: RunView['reply']['figures'] } {
  return run.reply.text === '' && run.report ? run.report : run.reply
}

/** Figures of every reply in a thread, numbered through from the first reply to the last, by run. */
export function numberThreadFigures(turns: readonly Turn[]): ReadonlyMap<string, readonly NumberedFigure[]> {
  const byRun = new Map<string, readonly NumberedFigure[]>()
  let next = 1
  for (const { run } of turns) {
    if (!run) continue
    const figures = numberFigures(replyOf(run).figures, next)
    next = Math.max(next, ...figures.map(({ number }) => number + 1))
    byRun.set(run.runId, figures)
  }
  return byRun
}

/** The figures of a thread whose evidence is published, in the order of their numbers. */
export function publishedInThread(
  turns: readonly Turn[],
  figures: ReadonlyMap<string, readonly NumberedFigure[]>,
): PublishedFigure[] {
  return turns.flatMap(({ run }) => {
    const report = run?.report
    if (!report) return []
    const numbers = new Map((figures.get(run.runId) ?? []).map(({ claimId, number }) => [claimId, number]))
    return report.claims
      .flatMap((claim) => {
        const number = numbers.get(claim.id)
        return number === undefined ? [] : [{ claim, runId: run.runId, number, sample: report.containsSampleData }]
      })
      .toSorted((a, b) => a.number - b.number)
  })
}
