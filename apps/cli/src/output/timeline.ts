import type { ThreadEvent } from '@apex/protocol/thread-event'
import { duration, oneLine, type Style } from './style.ts'

const ARGUMENTS_SHOWN = 100

/** One line of the live timeline for an event; undefined for events that the report tells better. */
export function timelineLine(event: ThreadEvent, style: Style): string | undefined {
  const agent = event.agent ?? ''
  switch (event.type) {
    case 'message_posted':
      return `${style.blue('?')} ${style.bold(oneLine(event.payload.text))}`
    case 'run_queued':
      return `${style.dim('◷')} ${oneLine(event.payload.reason)}`
    case 'run_started':
      return `${style.blue('●')} run started ${style.dim(event.payload.offline ? 'offline analyst' : event.payload.model)}`
    case 'agent_started':
      return `${style.blue('●')} ${style.bold(agent)} ${style.dim(oneLine(event.payload.purpose))}`
    case 'agent_thinking':
      return `  ${style.dim(`${agent}: ${oneLine(event.payload.text)}`)}`
    case 'tool_executing':
      return `  ▸ ${event.payload.tool} ${style.dim(shorten(JSON.stringify(event.payload.arguments)))}`
    case 'tool_completed': {
      const { durationMs, error, outcome, summary, tool } = event.payload
      const text = oneLine(outcome === 'ok' ? summary : (error?.detail ?? summary))
      return `  ${outcome === 'ok' ? style.green('✓') : style.red('✗')} ${tool} ${text} ${style.dim(duration(durationMs))}`
    }
    case 'attempt_superseded':
      return `  ${style.yellow('↻')} ${style.dim(`tried again: ${oneLine(event.payload.reason)}`)}`
    case 'agent_completed': {
      const { durationMs, outcome, summary } = event.payload
      const sign = outcome === 'completed' ? style.green('✓') : style.yellow('✗')
      return `${sign} ${style.bold(agent)} ${oneLine(summary)} ${style.dim(duration(durationMs))}`
    }
    case 'run_finished': {
      const { costUsd, durationMs, outcome, reason } = event.payload
      const sign = outcome === 'completed' ? style.green('✓') : style.red('✗')
      const cost = costUsd === null ? 'cost unknown' : `$${costUsd}`
      return `${sign} run ${outcome}: ${oneLine(reason)} ${style.dim(`${duration(durationMs)}, ${cost}`)}`
    }
    case 'thread_renamed':
    case 'report_published':
    case 'text_delta':
      break
  }
  return undefined
}

function shorten(text: string): string {
  return text.length <= ARGUMENTS_SHOWN ? oneLine(text) : `${oneLine(text.slice(0, ARGUMENTS_SHOWN))}…`
}
