import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { loadPart } from '../app/load-part.ts'
import { Mark } from '../parts/glyph.tsx'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'
import { LinkState } from './link-state.tsx'
import { ROOMS } from './rooms.ts'

// Menus need code for placing what floats; the page is drawn before it has come.
const TopMenus = lazy(async () => ({ default: (await loadPart(() => import('./top-menus.tsx'))).TopMenus }))

/** Mark, organisation, rooms, the state of the connection, theme and person. */
export function TopBar({ path }: { path: string }) {
  const { me } = useWorkspace()
  return (
    <header className="top">
      <Link className="brand" to={PATHS.home} aria-label={strings.product}>
        <Mark />
        <span className="name">{strings.product}</span>
      </Link>
      <span className="org">
        <span>{me.organization.name}</span>
      </span>
      <nav className="rooms" aria-label={strings.rooms.label}>
        {ROOMS.map(({ to, name }) => (
          <Link key={to} to={to} aria-current={path.startsWith(to) ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <LinkState />
      <Suspense fallback={<span className="top-menus-space" />}>
        <TopMenus path={path} />
      </Suspense>
    </header>
  )
}
