import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { PATHS } from '../paths.ts'
import { Shell } from '../shell/shell.tsx'
import { ShellSkeleton } from '../shell/shell-skeleton.tsx'
import { useApp, WorkspaceContext } from './app-context.tsx'
import { useStore } from './store.ts'

/** Lets signed-in people in, sends the others to sign in and back to where they wanted to go. */
export function Gate() {
  const { auth, workspaces } = useApp()
  const state = useStore(auth)
  const workspace = useStore(workspaces)
  if (state.status === 'signed-out') return <ToSignIn />
  if (state.status === 'unreachable') {
    return (
      <main className="centre" id="main" tabIndex={-1}>
        <ProblemNotice error={state.error} onRetry={() => void auth.load()} />
      </main>
    )
  }
  if (!workspace) return <ShellSkeleton />
  return (
    <WorkspaceContext value={workspace} key={`${workspace.me.session.id} ${workspace.me.organization.id}`}>
      <Shell />
    </WorkspaceContext>
  )
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
