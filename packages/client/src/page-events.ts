import type { Session } from './session.ts'

/** The parts of a browser's window and document that tell about the network and the page. */
export type Page = {
  window: EventSource
  document: EventSource & { visibilityState: string }
}
type EventSource = {
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

/** Tells a session when the browser goes on or off line and when the page is seen again; returns how to end that. */
export function bindPageEvents(session: Pick<Session, 'setOnline' | 'wake'>, page: Page): () => void {
  const online = () => session.setOnline(true)
  const offline = () => session.setOnline(false)
  const visible = () => {
    if (page.document.visibilityState === 'visible') session.wake()
  }
  const bound = [
    [page.window, 'online', online],
    [page.window, 'offline', offline],
    [page.window, 'pageshow', visible],
    [page.document, 'visibilitychange', visible],
  ] as const
  for (const [source, type, listener] of bound) source.addEventListener(type, listener)
  return () => {
    for (const [source, type, listener] of bound) source.removeEventListener(type, listener)
  }
}
