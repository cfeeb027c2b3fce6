/** The browser's own storage, or undefined where it is denied: the app then forgets drafts and theme, and works. */
export function browserStorage(kind: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    const storage = window[kind]
    storage.setItem('netra.probe', '1')
    storage.removeItem('netra.probe')
    return storage
  } catch {
    return undefined
  }
}
