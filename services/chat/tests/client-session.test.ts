import { createSession, readEventsOver, socketUrl } from '@apex/client/create-session'
import { createHttpClient } from '@apex/client/http-client'
import { ThreadFollower } from '@apex/client/thread-follower'
import { systemTimers } from '@apex/client/timers'
import { testTokens } from '@apex/kit/testing/test-tokens'
import { waitFor } from '@apex/kit/testing/wait-for'
import { StartRun } from '@apex/protocol/endpoints/chat/start-run'
import type { ThreadEvent } from '@apex/protocol/thread-event'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { CHAT_AUDIENCE } from '../src/config.ts'
import type { Conductor } from '../src/runs/run-worker.ts'
import { chatDatabase, textDelta } from './fixture/chat-parts.ts'
import { RunningChat } from './fixture/running-chat.ts'

describe('a client that stays while the service restarts in the middle of a run', () => {
  test('shows exactly the log, each event once and in order, up to the end of the run', async () => {
    const { url } = await chatDatabase()
    const tokens = testTokens({ audience: CHAT_AUDIENCE })
    const started: string[] = []
    let held = true
    const conduct: Conductor = async (context) => {
      for (const stepId of ['one', 'two', 'three']) {
        await context.step(stepId, async (step) => {
          started.push(stepId)
          await step.append([textDelta(`${stepId} begins `)])
          if (held && stepId === 'two') {
            await new Promise((_, reject) => step.signal.addEventListener('abort', () => reject(step.signal.reason)))
          }
          return { result: null, events: [textDelta(`${stepId} ends `)] }
        })
      }
      return { reportKind: null, costUsd: '0' }
    }
    const first = await RunningChat.start(url, { conduct, tokens })
    const { port } = first.listener
    const headers = await tokens.headers({ userId: 'user', organizationId: 'org' })
    const http = createHttpClient({ baseUrl: first.url, fetch, authorize: async () => headers })
    const openSocket = (protocols: string[]) => new WebSocket(socketUrl(first.url), protocols)
    const session = createSession({ http, openSocket, clientId: uuidv7(), tabId: uuidv7() })
    const threadId = uuidv7()
    const command = { commandId: uuidv7(), messageId: uuidv7(), text: 'Count.' }
    await http.call(StartRun, { params: { threadId }, body: command })
    const readEvents = readEventsOver(http)
    const after = { epoch: 0, seq: 0 }
    const timers = systemTimers()
    const follower = new ThreadFollower({
      threadId,
      after,
      session,
      readEvents,
      timers,
      random: Math.random,
      patienceMs: 20_000,
    })
    session.start()
    const shown: ThreadEvent[] = []
    const showing = (async () => {
      for await (const event of follower) {
        shown.push(event)
        if (event.type === 'run_finished') break
      }
    })()
    await waitFor(() => shown.some((event) => event.type === 'text_delta' && event.payload.text === 'two begins '))

    await first[Symbol.asyncDispose]()
    held = false
    const second = await RunningChat.start(url, { conduct, tokens, port })
    await showing

    const { events } = await readEvents(threadId, 0)
    expect(shown).toEqual(events)
    expect(started).toEqual(['one', 'two', 'two', 'three'])
    await waitFor(() => session.status().status === 'live', { timeoutMs: 10_000 })
    session.end()
    await second[Symbol.asyncDispose]()
  })
})
