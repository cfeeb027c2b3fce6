import { createStore, type Store } from './store.ts'

export type Theme = 'system' | 'light' | 'dark'

// The key is also read by public/theme.js, which runs before the first paint.
const KEY = 'netra.theme'

/** The chosen theme, kept in the browser; `system` leaves the choice to the operating system. */
export type ThemeStore = Store<Theme>

/** Reads the kept theme and writes each change to storage and to the document's root. */
export function createThemeStore(root: HTMLElement, storage: Storage | undefined): ThemeStore {
  const kept = storage?.getItem(KEY)
  const store = createStore<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')
  store.subscribe(() => {
    const theme = store.get()
    if (theme === 'system') {
      delete root.dataset['theme']
      storage?.removeItem(KEY)
    } else {
      root.dataset['theme'] = theme
      storage?.setItem(KEY, theme)
    }
  })
  return store
}
