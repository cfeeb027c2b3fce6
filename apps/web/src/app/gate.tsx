import type { Me } from '@apex/protocol/identity'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { PATHS } from '../paths.ts'
import { Shell } from '../shell/shell.tsx'
import { ShellSkeleton } from '../shell/shell-skeleton.tsx'
import { useApp, WorkspaceContext } from './app-context.tsx'
import { useStore } from './store.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** Lets signed-in people in, sends the others to sign in and back to where they wanted to go. */
export function Gate() {
  const { auth } = useApp()
  const state = useStore(auth)
  switch (state.status) {
    case 'loading':
      return <ShellSkeleton />
    case 'unreachable':
      return (
        <main className="centre" id="main" tabIndex={-1}>
          <ProblemNotice error={state.error} onRetry={() => void auth.load()} />
        </main>
      )
    case 'signed-out':
      return <ToSignIn />
    case 'signed-in':
      // Another session or organisation is another workspace, with nothing of the old one in it.
      return <Inside key={`${state.me.session.id} ${state.me.organization.id}`} me={state.me} />
  }
}

/** Leaves for the sign-in page once, remembering where the person was going. */
function ToSignIn() {
  const router = useRouter()
  useEffect(() => {
    const { href } = router.latestLocation
    const search = href === PATHS.home ? {} : { next: href }
    void router.navigate({ to: PATHS.signIn, search, replace: true })
  }, [router])
  return <ShellSkeleton />
}

function Inside({ me }: { me: Me }) {
  const { client, auth } = useApp()
  const queries = useQueryClient()
  const [workspace, setWorkspace] = useState<Workspace>()

  useEffect(() => {
    queries.clear()
    const made = createWorkspace({ me, client, queries, onSessionEnded: auth.ended })
    setWorkspace(made)
    return made.start()
  }, [me, client, queries, auth])

  if (!workspace) return <ShellSkeleton />
  return (
    <WorkspaceContext value={workspace}>
      <Shell />
    </WorkspaceContext>
  )
}
