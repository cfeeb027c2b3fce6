import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { PATHS, parseFigureParam } from '../paths.ts'
import { useShortcuts } from '../shell/use-shortcuts.ts'
import { Conversation } from './conversation.tsx'
import { NewConversation } from './new-conversation.tsx'
import { ThreadList } from './thread-list.tsx'
import '../styles/chat.css'
import '../styles/run.css'
import '../styles/document.css'
import '../styles/evidence.css'

/** The chat room: threads, the conversation, and the evidence of a figure beside it. */
export function ChatPage() {
  const { rooms, newId } = useWorkspace()
  const params: { threadId?: string } = useParams({ strict: false })
  const search: { figure?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [listOpen, setListOpen] = useState(false)
  const threadId = params.threadId?.toLowerCase()
  const figure = useMemo(() => parseFigureParam(search.figure), [search.figure])

  useShortcuts({
    '/': () => focusOn('#thread-search', () => setListOpen(true)),
    c: () => focusOn('#composer'),
  })

  const begin = useCallback(
    (text: string) => {
      const id = newId()
      rooms.enter(id, { isNew: true }).send(text)
      void navigate({ to: PATHS.thread, params: { threadId: id } })
    },
    [rooms, newId, navigate],
  )

  return (
    <div className="chat" data-list={listOpen ? 'open' : 'closed'}>
      <ThreadList current={threadId} onClose={() => setListOpen(false)} />
      {threadId ? (
        <Conversation key={threadId} threadId={threadId} figure={figure} onShowThreads={() => setListOpen(true)} />
      ) : (
        <NewConversation onSend={begin} onShowThreads={() => setListOpen(true)} />
      )}
    </div>
  )
}

function focusOn(selector: string, before?: () => void) {
  before?.()
  // After the sheet has been drawn, should it have been closed.
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus())
}
