import { Commands } from '@apex/client/commands'
import { ApiError } from '@apex/client/errors'
import type { RunView } from '@apex/client/run-view'
import { applyEvent, createThreadView, type ThreadView } from '@apex/client/thread-view'
import { systemTimers } from '@apex/client/timers'
import { GetThread } from '@apex/protocol/endpoints/chat/get-thread'
import { ListMessages } from '@apex/protocol/endpoints/chat/list-messages'
import type { Report } from '@apex/protocol/report'
import { MessageText } from '@apex/protocol/thread'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { v7 as uuidv7 } from 'uuid'
import { CommandError, EXIT, type ExitCode } from '../exit.ts'
import { reportText } from '../output/report-text.ts'
import { createStyle, printable, type Style } from '../output/style.ts'
import { timelineLine } from '../output/timeline.ts'
import { type Connection, connect, type ServerOptions } from '../server/connect.ts'
import { followThread } from '../server/live-session.ts'
import { put, putJson, say, type Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

export type AskOptions = ServerOptions & { thread?: string; json?: boolean }

/** Where a question goes: after which event and which message of the thread. */
type Place = { epoch: number; seq: number; parentMessageId: string | null }

/** How long a stopped run may take to say so. */
const STOP_PATIENCE_MS = 15_000

/** Asks a question, shows the run live and ends with the report; an interrupt stops the run. */
export async function ask(context: CommandContext, question: string, options: AskOptions): Promise<ExitCode> {
  if (!MessageText.safeParse(question).success && question.trim() === '') {
    throw new CommandError(
      EXIT.usage,
      'The question is empty. Write it in quotes: netra ask "Where does the money go?"',
    )
  }
  const { terminal } = context
  const connection = await connect(context, options)
  const threadId = options.thread ?? uuidv7()
  const place = await findPlace(connection, options.thread)
  const commands = new Commands({ http: connection.http, newId: uuidv7, timers: systemTimers(), random: Math.random })
  const started = await commands.startRun({ threadId, text: question, parentMessageId: place.parentMessageId })
  const asking = new Asking({
    terminal,
    threadId,
    place,
    runId: started.run.id,
    messageId: started.run.messageId,
    options,
  })
  const live = followThread(terminal, connection, threadId, place)
  const offInterrupt = terminal.onInterrupt(() => {
    const again = asking.interrupt()
    if (again) return live.stop()
    say(terminal, 'netra: stopping the run; once more leaves without waiting')
    const timer = setTimeout(() => live.stop(), STOP_PATIENCE_MS)
    timer.unref()
    commands.stopRun(started.run.id).catch(() => live.stop())
  })
  try {
    for await (const event of live.events) if (asking.show(event)) break
  } catch (error) {
    say(
      terminal,
      `netra: the run goes on without this command. See how it ended with: netra events --thread ${threadId}`,
    )
    throw error
  } finally {
    offInterrupt()
    live.stop()
  }
  return asking.conclude()
}

async function findPlace({ http }: Connection, threadId: string | undefined): Promise<Place> {
  const start: Place = { epoch: 0, seq: 0, parentMessageId: null }
  if (threadId === undefined) return start
  try {
    const { thread } = await http.call(GetThread, { params: { threadId }, attempts: 3 })
    const { messages } = await http.call(ListMessages, { params: { threadId }, attempts: 3 })
    return { epoch: thread.epoch, seq: thread.lastSeq, parentMessageId: messages.at(-1)?.id ?? null }
  } catch (error) {
    // A thread that is not there yet is begun by the question.
    if (error instanceof ApiError && error.code === 'not_found') return start
    throw error
  }
}

/** One question on its way to its report, as it is shown. */
class Asking {
  readonly #terminal: Terminal
  readonly #style: Style
  readonly #json: boolean
  readonly #runId: string
  readonly #messageId: string
  #view: ThreadView
  #posted = false
  #interrupted = false

  constructor(options: {
    terminal: Terminal
    threadId: string
    place: Place
    runId: string
    messageId: string
    options: AskOptions
  }) {
    const { place, threadId } = options
    this.#terminal = options.terminal
    this.#style = createStyle(options.terminal)
    this.#json = options.options.json === true
    this.#runId = options.runId
    this.#messageId = options.messageId
    this.#view = { ...createThreadView(threadId), epoch: place.epoch, seq: place.seq, head: place.seq }
  }

  /** Shows one event, from the posted message on. Returns whether it is the run's last. */
  show(event: ThreadEvent): boolean {
    this.#view = applyEvent(this.#view, event)
    this.#posted ||= event.type === 'message_posted' && event.messageId === this.#messageId
    if (!this.#posted) return false
    if (this.#json) putJson(this.#terminal, event)
    else this.#showLine(event)
    return event.type === 'run_finished' && event.runId === this.#runId
  }

  /** Returns whether the person had interrupted before. */
  interrupt(): boolean {
    const again = this.#interrupted
    this.#interrupted = true
    return again
  }

  conclude(): ExitCode {
    const run = this.#view.runs.find(({ runId }) => runId === this.#runId)
    if (run?.report) this.#report(run.report)
    else if (run && !this.#json && run.reply.text !== '') put(this.#terminal, `\n${printable(run.reply.text)}`)
    if (!this.#json) say(this.#terminal, `thread ${this.#view.threadId}`)
    if (run?.outcome === 'completed') return EXIT.done
    say(this.#terminal, `netra: ${describeEnd(run)}`)
    return EXIT.failed
  }

  #showLine(event: ThreadEvent): void {
    const line = timelineLine(event, this.#style)
    if (line !== undefined) put(this.#terminal, line)
  }

  #report(report: Report): void {
    if (!this.#json) return put(this.#terminal, `\n${reportText(report, this.#style)}\n`)
    const { claims, kind, runId, text, threadId, ...rest } = report
    putJson(this.#terminal, { event: 'report', runId, threadId, kind, text, claims, ...rest })
  }
}

function describeEnd(run: RunView | undefined): string {
  if (!run || run.state !== 'finished') return 'left before the run ended; the run goes on or is being stopped.'
  const charged = run.error?.charged === true ? ' It was charged.' : ''
  const detail = run.error ? ` ${run.error.detail} (request ${run.error.requestId})` : ''
  return `the run ${run.outcome === 'stopped' ? 'was stopped' : 'failed'}: ${run.reason ?? ''}${detail}${charged}`
}
