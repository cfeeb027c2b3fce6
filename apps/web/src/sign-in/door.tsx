import { lazy, type ReactNode, Suspense } from 'react'
import { loadPart } from '../app/load-part.ts'
import { Mark } from '../parts/glyph.tsx'
import { usePageTitle } from '../parts/page-title.ts'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'

const ThemeMenu = lazy(async () => ({ default: (await loadPart(() => import('../shell/theme-menu.tsx'))).ThemeMenu }))

/** The frame of every page a person sees before signing in. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  usePageTitle(title)
  return (
    <div className="door">
      <header>
        <a className="brand" href={PATHS.home}>
          <Mark />
          {strings.product}
        </a>
      </header>
      <main id="main" tabIndex={-1}>
        <h1>{title}</h1>
        {children}
      </main>
      <footer>
        <span>{strings.product}</span>
        <Suspense>
          <ThemeMenu />
        </Suspense>
      </footer>
    </div>
  )
}
