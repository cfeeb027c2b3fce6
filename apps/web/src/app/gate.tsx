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
  if (state.status === 'signed-out') return <ToSignIn comesBack={state.because !== 'left'} />
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

/** Leaves for the sign-in page once; remembers where the person was going unless they left by themselves. */
function ToSignIn({ comesBack }: { comesBack: boolean }) {
  const router = useRouter()
  useEffect(() => {
    const { href } = router.latestLocation
    const search = comesBack && href !== PATHS.home ? { next: href } : {}
    void router.navigate({ to: PATHS.signIn, search, replace: true })
  }, [router, comesBack])
  return <ShellSkeleton />
}
