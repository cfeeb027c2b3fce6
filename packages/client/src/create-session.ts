import { CreateTicket } from '@apex/protocol/endpoints/chat/create-ticket'
import { ListEvents } from '@apex/protocol/endpoints/chat/list-events'
import type { HttpClient } from './http-client.ts'
import { Session } from './session.ts'
import type { OpenSocket } from './socket-connection.ts'
import type { ReadEvents } from './stream-reader.ts'
import { systemTimers, type Timers } from './timers.ts'

/** A session that takes its tickets and refills from the server `http` calls; start it when there is somebody to tell. */
export function createSession(options: {
  http: HttpClient
  openSocket: OpenSocket
  clientId: string
  tabId: string
  timers?: Timers
  random?: () => number
}): Session {
  const { http, openSocket, clientId, tabId, timers = systemTimers(), random = Math.random } = options
  return new Session({
    openSocket,
    ticket: async () => (await http.call(CreateTicket, { body: { clientId } })).ticket,
    readEvents: readEventsOver(http),
    clientId,
    tabId,
    timers,
    random,
  })
}

/** Reads pages of a thread's log over plain HTTP. */
export function readEventsOver(http: HttpClient): ReadEvents {
  return (threadId, after) => http.call(ListEvents, { params: { threadId }, query: { after } })
}

/** The address of the socket of a server, from its HTTP address. */
export function socketUrl(baseUrl: string): string {
  const url = new URL('/ws', baseUrl)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}
