import { GetThread } from '@apex/protocol/endpoints/chat/get-thread'
import { ListEvents } from '@apex/protocol/endpoints/chat/list-events'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { EXIT, type ExitCode } from '../exit.ts'
import { createStyle, type Style } from '../output/style.ts'
import { timelineLine } from '../output/timeline.ts'
import { connect, type ServerOptions } from '../server/connect.ts'
import { followThread } from '../server/live-session.ts'
import { put, putJson, type Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

export type EventsOptions = ServerOptions & { thread: string; after: number; follow?: boolean; json?: boolean }

/** Prints a thread's log after a position, and with `follow` what is added, until interrupted. */
export async function events(context: CommandContext, options: EventsOptions): Promise<ExitCode> {
  const { terminal } = context
  const { after, thread: threadId } = options
  const connection = await connect(context, options)
  const print = printer(terminal, options.json === true)
  if (options.follow) {
    const { thread } = await connection.http.call(GetThread, { params: { threadId }, attempts: 3 })
    const live = followThread(terminal, connection, threadId, after === 0 ? START : { epoch: thread.epoch, seq: after })
    const offInterrupt = terminal.onInterrupt(() => live.stop())
    try {
      for await (const event of live.events) print(event)
    } finally {
      offInterrupt()
      live.stop()
    }
    return EXIT.done
  }
  for (let seq = after; ; ) {
    const page = await connection.http.call(ListEvents, { params: { threadId }, query: { after: seq }, attempts: 3 })
    page.events.forEach(print)
    seq = page.events.at(-1)?.seq ?? page.head
    if (seq >= page.head) return EXIT.done
  }
}

const START = { epoch: 0, seq: 0 }

function printer(terminal: Terminal, json: boolean): (event: ThreadEvent) => void {
  if (json) return (event) => putJson(terminal, event)
  const style: Style = createStyle(terminal)
  return (event) => {
    const line = timelineLine(event, style) ?? style.dim(event.type)
    put(terminal, `${style.dim(String(event.seq).padStart(5))}  ${line}`)
  }
}
