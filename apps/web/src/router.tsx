import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
} from '@tanstack/react-router'
import { Gate } from './app/gate.tsx'
import { loadPart } from './app/load-part.ts'
import { NotFound } from './parts/not-found.tsx'
import { PageError } from './parts/page-error.tsx'
import { PATHS } from './paths.ts'
import { SignInPage } from './sign-in/sign-in-page.tsx'

type FigureSearch = { figure?: string | undefined }

function figureSearch(search: Record<string, unknown>): FigureSearch {
  return typeof search['figure'] === 'string' ? { figure: search['figure'] } : {}
}

function nextSearch(search: Record<string, unknown>): { next?: string } {
  return typeof search['next'] === 'string' ? { next: search['next'] } : {}
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageError })

const signIn = createRoute({
  getParentRoute: () => root,
  path: PATHS.signIn,
  validateSearch: nextSearch,
  component: SignInPage,
})
const invite = createRoute({
  getParentRoute: () => root,
  path: PATHS.invite,
  component: lazyRouteComponent(
    () => loadPart(() => import('./sign-in/accept-invitation-page.tsx')),
    'AcceptInvitationPage',
  ),
})

const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Gate })
const home = createRoute({
  getParentRoute: () => inside,
  path: PATHS.home,
  component: () => <Navigate to={PATHS.chat} replace />,
})
// One page for a new conversation and for a thread, so that the list beside it stays where it is.
const chatRoom = createRoute({
  getParentRoute: () => inside,
  id: 'chat-room',
  component: lazyRouteComponent(() => loadPart(() => import('./chat/chat-page.tsx')), 'ChatPage'),
})
const chat = createRoute({ getParentRoute: () => chatRoom, path: PATHS.chat })
const thread = createRoute({ getParentRoute: () => chatRoom, path: PATHS.thread, validateSearch: figureSearch })
const report = createRoute({
  getParentRoute: () => inside,
  path: PATHS.report,
  validateSearch: figureSearch,
  component: lazyRouteComponent(() => loadPart(() => import('./reports/report-page.tsx')), 'ReportPage'),
})
const sources = createRoute({
  getParentRoute: () => inside,
  path: PATHS.sources,
  component: lazyRouteComponent(() => loadPart(() => import('./sources/sources-page.tsx')), 'SourcesPage'),
})
const settings = createRoute({
  getParentRoute: () => inside,
  path: PATHS.settings,
  component: lazyRouteComponent(() => loadPart(() => import('./settings/settings-page.tsx')), 'SettingsPage'),
})

const routeTree = root.addChildren([
  signIn,
  invite,
  inside.addChildren([home, chatRoom.addChildren([chat, thread]), report, sources, settings]),
])

/** The router over every address of `paths.ts`; pages inside are loaded when they are first needed. */
export function createAppRouter() {
  return createRouter({ routeTree, defaultPreload: 'intent', defaultNotFoundComponent: NotFound })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
