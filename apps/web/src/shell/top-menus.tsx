import { lazy, Suspense, useState } from 'react'
import { loadPart } from '../app/load-part.ts'
import { RoomsMenu } from './rooms-menu.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { UserMenu } from './user-menu.tsx'

const ShortcutsDialog = lazy(async () => ({
  default: (await loadPart(() => import('./shortcuts-dialog.tsx'))).ShortcutsDialog,
}))

/** The menus at the end of the top bar, and the list of shortcuts that one of them and `?` open. */
export function TopMenus({ path }: { path: string }) {
  const [shortcuts, setShortcuts] = useState(false)
  useShortcuts({ '?': () => setShortcuts(true) })
  return (
    <>
      <ThemeMenu />
      <UserMenu onShortcuts={() => setShortcuts(true)} />
      <RoomsMenu path={path} />
      {shortcuts && (
        <Suspense>
          <ShortcutsDialog open onClose={() => setShortcuts(false)} />
        </Suspense>
      )}
    </>
  )
}
