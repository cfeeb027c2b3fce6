import { createSignedInClient } from '@apex/client/access-token'
import { ApiError } from '@apex/client/errors'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AppContext } from './app/app-context.tsx'
import { createAuth } from './app/auth.ts'
import { browserStorage } from './app/browser-storage.ts'
import { createThemeStore } from './app/theme.ts'
import { followWorkspace } from './app/workspaces.ts'
import { API_BASE } from './paths.ts'
import { createAppRouter } from './router.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'

const client = createSignedInClient({ baseUrl: API_BASE, fetch: (request) => fetch(request) })
const auth = createAuth(client)
const theme = createThemeStore(document.documentElement, browserStorage('localStorage'))

// A session that is over is noticed by whichever call comes next.
function onError(error: unknown) {
  if (error instanceof ApiError && error.status === 401) void auth.doubt()
}
const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && !error.retryable),
    },
  },
})
const workspaces = followWorkspace({ auth, client, queries })

void auth.load()
const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <AppContext value={{ client, auth, workspaces, theme }}>
          <RouterProvider router={createAppRouter()} />
        </AppContext>
      </QueryClientProvider>
    </StrictMode>,
  )
}
