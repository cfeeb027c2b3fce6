import type { SignedInClient } from '@apex/client/access-token'
import type { QueryClient } from '@tanstack/react-query'
import type { Auth } from './auth.ts'
import { createStore, type Readable } from './store.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/**
 * The workspace of whoever is signed in, undefined while nobody is. Another session or organisation is another
 * workspace, with nothing of the old one in it.
 */
export function followWorkspace(options: {
  auth: Auth
  client: SignedInClient
  queries: QueryClient
}): Readable<Workspace | undefined> {
  const { auth, client, queries } = options
  const store = createStore<Workspace | undefined>(undefined)
  let current = ''
  let stop = () => {}

  function follow() {
    const state = auth.get()
    // Asking again who is here changes nothing yet.
    if (state.status === 'loading') return
    const me = state.status === 'signed-in' ? state.me : undefined
    const next = me ? `${me.session.id} ${me.organization.id}` : ''
    if (next === current) return
    current = next
    stop()
    stop = () => {}
    queries.clear()
    if (!me) return store.set(undefined)
    const workspace = createWorkspace({ me, client, queries, onSessionEnded: () => auth.ended() })
    stop = workspace.start()
    store.set(workspace)
  }

  auth.subscribe(follow)
  follow()
  return store
}
