import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'
import { LinkBanner } from './link-banner.tsx'
import { TopBar } from './top-bar.tsx'
import { useShortcuts } from './use-shortcuts.ts'

/** The frame around every page of a signed-in person. */
export function Shell() {
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const inChat = path.startsWith(PATHS.chat)
  useShortcuts({ n: () => void navigate({ to: PATHS.chat }) })
  useFocusOnRoomChange(inChat ? PATHS.chat : path)
  return (
    <div className={inChat ? 'shell fixed' : 'shell'}>
      <a className="skip" href="#main">
        {strings.skipToContent}
      </a>
      {inChat && (
        <a className="skip" href="#composer">
          {strings.skipToComposer}
        </a>
      )}
      <TopBar path={path} />
      <LinkBanner />
      <Outlet />
    </div>
  )
}

// A page that changes without loading keeps the focus on the link that was pressed; a reader expects the new page.
function useFocusOnRoomChange(room: string) {
  const last = useRef(room)
  useEffect(() => {
    if (last.current === room) return
    last.current = room
    window.scrollTo(0, 0)
    document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
  }, [room])
}
