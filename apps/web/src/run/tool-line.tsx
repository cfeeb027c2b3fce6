import type { ToolRow } from '@apex/client/invocation-view'
import { useState } from 'react'
import { formatDuration } from '../format/duration.ts'
import { formatCount } from '../format/number.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { strings } from '../strings.ts'
import { callArguments, callText } from './call-text.ts'

const words = strings.chat.run

/** One tool call with its arguments, result and time; pressing it shows them in full. */
export function ToolLine({ tool, nowMs, isVoid }: { tool: ToolRow; nowMs: number; isVoid: boolean }) {
  const [open, setOpen] = useState(false)
  const elapsedMs = tool.durationMs ?? (tool.state === 'running' && !isVoid ? nowMs - Date.parse(tool.startedAt) : null)
  return (
    <li className={isVoid ? 'void' : undefined} data-tool={tool.tool} data-state={tool.state}>
      <button type="button" className="tool" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="call">
          <code>
            {tool.tool}
            <i>({callArguments(tool.arguments)})</i>
          </code>
          <span className={tool.state === 'error' && !isVoid ? 'out bad' : 'out'} title={tool.summary ?? undefined}>
            {outcomeText(tool, isVoid)}
          </span>
        </span>
        <span className="num">{elapsedMs === null ? '' : formatDuration(Math.max(0, elapsedMs))}</span>
      </button>
      {open && <ToolDetails tool={tool} />}
    </li>
  )
}

function outcomeText(tool: ToolRow, isVoid: boolean): string {
  if (isVoid) return words.discarded
  if (tool.state === 'running') return words.toolRunning
  if (tool.state === 'interrupted') return words.toolInterrupted
  return tool.summary ?? ''
}

function ToolDetails({ tool }: { tool: ToolRow }) {
  return (
    <div className="tool-details">
      <dl>
        <dt>{words.arguments}</dt>
        <dd>
          <pre>{JSON.stringify(tool.arguments, null, 2)}</pre>
        </dd>
        <dt>{words.result}</dt>
        <dd>
          {tool.summary ?? outcomeText(tool, false)}
          {tool.rowCount !== null && `, ${words.rows(formatCount(tool.rowCount))}`}
          {tool.error && (
            <span className="bad">
              {' '}
              {tool.error.title}: {tool.error.detail} <code>{tool.error.code}</code>
            </span>
          )}
        </dd>
      </dl>
      <CopyButton className="plain" text={callText(tool.tool, tool.arguments)} label={words.copyCall} />
    </div>
  )
}
