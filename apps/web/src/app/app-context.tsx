import type { SignedInClient } from '@apex/client/access-token'
import { createContext, useContext } from 'react'
import type { Auth } from './auth.ts'
import type { Readable } from './store.ts'
import type { ThemeStore } from './theme.ts'
import type { Workspace } from './workspace.ts'

/** What every page can use, signed in or not. */
export type App = {
  client: SignedInClient
  auth: Auth
  workspaces: Readable<Workspace | undefined>
  theme: ThemeStore
}

export const AppContext = createContext<App | undefined>(undefined)
export const WorkspaceContext = createContext<Workspace | undefined>(undefined)

/** The parts of the app that do not need a signed-in person. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp is called outside AppContext')
  return app
}

/** The signed-in person's workspace; only inside the gate that signs in. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('useWorkspace is called outside WorkspaceContext')
  return workspace
}
