import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { formatDuration, formatOffset } from '../format/duration.ts'
import { Glyph } from '../parts/glyph.tsx'
import { strings } from '../strings.ts'
import { agentGlyph, agentSays, type TimelineItem } from './timeline.ts'
import { ToolLine } from './tool-line.tsx'

const words = strings.chat.run

/** One agent: when it began, its state, what it says, how long it took; its tool calls hang below. */
export function AgentLine({
  item: { invocation, tools, reason },
  startMs,
  nowMs,
}: {
  item: TimelineItem & { kind: 'agent' }
  startMs: number
  nowMs: number
}) {
  const { superseded, state } = invocation
  const [open, setOpen] = useState<boolean>()
  // A withdrawn attempt keeps its place, folded; the rest shows its work until a person folds it.
  const isOpen = open ?? !superseded
  const going = state === 'running' && !superseded
  const elapsedMs = invocation.durationMs ?? (going ? nowMs - Date.parse(invocation.startedAt) : null)
  const foldable = tools.length > 0
  const line = (
    <>
      <span className="num t">{formatOffset(Date.parse(invocation.startedAt) - startMs)}</span>
      <Glyph name={agentGlyph(invocation)} label={superseded ? words.glyph.superseded : words.glyph[state]} />
      <span className="say" title={agentSays(invocation)}>
        <b>{invocation.agent}</b>
        {agentSays(invocation)}
      </span>
      {superseded && <span className="why">{reason ? words.withdrawn(reason) : words.withdrawnPlain}</span>}
      <span className="num">{elapsedMs === null ? '' : formatDuration(Math.max(0, elapsedMs))}</span>
      {foldable ? <ChevronRight className="icon fold" aria-hidden="true" /> : <span />}
    </>
  )
  return (
    <li className={superseded ? 'void' : undefined} data-agent={invocation.agent} data-state={state}>
      {foldable ? (
        <button type="button" className="line" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {line}
        </button>
      ) : (
        <div className="line">{line}</div>
      )}
      {foldable && isOpen && (
        <ol className="tools">
          {tools.map((tool) => (
            <ToolLine key={tool.seq} tool={tool} nowMs={nowMs} isVoid={superseded || tool.superseded} />
          ))}
        </ol>
      )}
    </li>
  )
}
