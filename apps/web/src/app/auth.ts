import type { SignedInClient } from '@apex/client/access-token'
import { ApiError } from '@apex/client/errors'
import { AcceptInvitation } from '@apex/protocol/endpoints/auth/accept-invitation'
import { GetMe } from '@apex/protocol/endpoints/auth/me'
import { SignIn } from '@apex/protocol/endpoints/auth/sign-in'
import { SignOut } from '@apex/protocol/endpoints/auth/sign-out'
import { SwitchOrganization } from '@apex/protocol/endpoints/auth/switch-organization'
import type { Me } from '@apex/protocol/identity'
import { createStore, type Readable } from './store.ts'

/** Who uses this page. Nobody, because they never signed in, left, or had their session taken away. */
export type AuthState =
  | { status: 'loading' }
  | { status: 'unreachable'; error: unknown }
  | { status: 'signed-out'; because: 'never-in' | 'left' | 'ended' }
  | { status: 'signed-in'; me: Me }

/** The session as this page knows it. The cookie is the browser's; nothing secret is kept here. */
export type Auth = Readable<AuthState> & {
  /** Asks the server who is signed in. */
  load(): Promise<void>
  signIn(input: { email: string; password: string }): Promise<void>
  acceptInvitation(input: { token: string; name: string; password: string }): Promise<void>
  signOut(): Promise<void>
  switchOrganization(organizationId: string): Promise<void>
  /** The server says that the session is over. */
  ended(): void
  /** A call was refused: is it the session that is over, or was only that one thing wrong? */
  doubt(): Promise<void>
}

/** Makes the session's state machine over a client; every answer about identity passes through it. */
export function createAuth(client: SignedInClient): Auth {
  const store = createStore<AuthState>({ status: 'loading' })

  function enter(me: Me) {
    client.accessToken.forget()
    store.set({ status: 'signed-in', me })
  }

  function leave(because: 'never-in' | 'left' | 'ended') {
    client.accessToken.forget()
    store.set({ status: 'signed-out', because })
  }

  function ended() {
    if (store.get().status === 'signed-in') leave('ended')
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    async load() {
      store.set({ status: 'loading' })
      try {
        enter(await client.call(GetMe, { attempts: 3 }))
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) leave('never-in')
        else store.set({ status: 'unreachable', error })
      }
    },
    async signIn(input) {
      enter(await client.call(SignIn, { body: { ...input, transport: 'cookie' } }))
    },
    async acceptInvitation(input) {
      enter(await client.call(AcceptInvitation, { body: { ...input, transport: 'cookie' } }))
    },
    async signOut() {
      try {
        await client.call(SignOut, { attempts: 3 })
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) throw error
      }
      leave('left')
    },
    async switchOrganization(organizationId) {
      enter(await client.call(SwitchOrganization, { body: { organizationId } }))
    },
    ended,
    async doubt() {
      if (store.get().status !== 'signed-in') return
      try {
        await client.call(GetMe, {})
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) ended()
      }
    },
  }
}
