import type { RunView } from '@apex/client/run-view'
import { ChevronRight } from 'lucide-react'
import { formatClock, formatDuration } from '../format/duration.ts'
import { formatMoney } from '../format/money.ts'
import { formatCount } from '../format/number.ts'
import { Glyph, type GlyphName } from '../parts/glyph.tsx'
import { strings } from '../strings.ts'
import { runElapsedMs } from './run-clock.ts'
import { countParts, supervisorThought } from './timeline.ts'

const words = strings.chat.run

type Shown = 'queued' | 'running' | 'completed' | 'stopped' | 'failed'
const GLYPHS: Record<Shown, GlyphName> = {
  queued: 'waiting',
  running: 'live',
  completed: 'done',
  stopped: 'stopped',
  failed: 'failed',
}
/** Without an event for this long the header says so, instead of looking alive. */
const QUIET_AFTER_MS = 5_000

/** A run in one line: state, who takes part, which model, how much log, time and money. Pressing it folds the rest. */
export function RunHeader({
  run,
  nowMs,
  open,
  onToggle,
  foldable,
}: {
  run: RunView
  nowMs: number
  open: boolean
  onToggle: () => void
  foldable: boolean
}) {
  const state: Shown = run.state === 'finished' ? (run.outcome ?? 'completed') : run.state
  const elapsed = runElapsedMs(run, nowMs)
  const going = run.state !== 'finished'
  const note = noteOf(run, nowMs)
  return (
    <>
      <button type="button" className="run-head" aria-expanded={open} disabled={!foldable} onClick={onToggle}>
        <span className="run-state">
          <Glyph name={GLYPHS[state]} />
          {words[state]}
        </span>
        <span className="run-who">
          <span className="wide">{whoText(run)}</span>
          {run.offline && (
            <span className="pill" title={strings.offlineAnalystMeans}>
              {strings.offlineAnalyst}
            </span>
          )}
        </span>
        <span className="sum">
          <span className="mono quiet wide">
            {going ? words.event(formatCount(run.eventCount)) : words.events(formatCount(run.eventCount))}
          </span>
          <span className="mono">{going ? formatClock(elapsed) : formatDuration(elapsed)}</span>
          <span className="mono">
            {run.usage.costUsd === null ? words.unknownCost : formatMoney(run.usage.costUsd)}
          </span>
          {foldable && <ChevronRight className="icon fold" aria-hidden="true" />}
        </span>
      </button>
      {note && <p className="run-note">{note}</p>}
    </>
  )
}

function whoText(run: RunView): string {
  const { agents, tools } = countParts(run)
  const parts = [
    ...(run.state === 'running' ? [words.supervisor] : []),
    ...(agents > 0 ? [words.agents(agents)] : []),
    ...(tools > 0 && run.state === 'finished' ? [words.tools(tools)] : []),
  ]
  const model = run.model && !run.offline ? ` ${words.on} ${run.model}` : ''
  return parts.join(', ') + model
}

/** Why a run waits, what its supervisor is about, or that nothing has been heard. */
function noteOf(run: RunView, nowMs: number): string | undefined {
  if (run.state === 'queued') {
    if (!run.queue) return words.waitingForWorker
    return run.queue.ahead > 0 ? `${run.queue.reason} ${words.ahead(run.queue.ahead)}` : run.queue.reason
  }
  if (run.state === 'finished') return undefined
  const quietMs = nowMs - Date.parse(run.lastEventAt)
  if (quietMs > QUIET_AFTER_MS) return words.quiet(formatDuration(quietMs))
  return supervisorThought(run) ?? undefined
}
