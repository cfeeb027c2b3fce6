import { route } from '@apex/kit/http/route'
import type { Identity } from '@apex/kit/identity'
import { DeleteThread } from '@apex/protocol/endpoints/chat/delete-thread'
import { GetThread } from '@apex/protocol/endpoints/chat/get-thread'
import { ListEvents } from '@apex/protocol/endpoints/chat/list-events'
import { ListMessages } from '@apex/protocol/endpoints/chat/list-messages'
import { ListThreads } from '@apex/protocol/endpoints/chat/list-threads'
import { RenameThread } from '@apex/protocol/endpoints/chat/rename-thread'
import type { RouteTools } from './route-tools.ts'

/** Threads, their messages and their log. */
export function addThreadRoutes({ app, forCommand, forPerson, threadLog, threads }: RouteTools): void {
  route(app, ListThreads, ({ identity, query }) => forPerson(identity, () => threads.list(identity, query)))
  route(app, GetThread, async ({ identity, params }) => ({
    thread: await forPerson(identity, () => threads.find(identity, params.threadId)),
  }))
  route(app, ListMessages, async ({ identity, params }) => ({
    messages: await forPerson(identity, () => threads.messages(identity, params.threadId)),
  }))
  route(app, ListEvents, ({ identity, params, query }) => forPerson(identity, () => page(identity, params, query)))
  route(app, RenameThread, ({ body, identity, params, requestId }) =>
    forCommand(identity, () => threads.rename(identity, { ...params, ...body, correlationId: requestId })),
  )
  route(app, DeleteThread, async ({ identity, params }) => {
    await forCommand(identity, () => threads.remove(identity, params.threadId))
    return {}
  })

  // The events are read after the head, so the page may go beyond it and never falls short of it.
  async function page(identity: Identity, { threadId }: { threadId: string }, query: { after: number; limit: number }) {
    const { epoch, lastSeq } = await threads.find(identity, threadId)
    const { organizationId } = identity
    const events = await threadLog.after({ threadId, organizationId }, query.after, query.limit)
    return { epoch, head: Math.max(lastSeq, events.at(-1)?.seq ?? 0), events }
  }
}
