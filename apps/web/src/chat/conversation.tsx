import { activeRun, type Turn, turnsOf } from '@apex/client/thread-view'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { useStore } from '../app/store.ts'
import { EvidencePanel, type PublishedFigure } from '../evidence/evidence-panel.tsx'
import type { NumberedFigure } from '../markdown/numbered-figures.ts'
import { NotFound } from '../parts/not-found.tsx'
import { usePageTitle } from '../parts/page-title.ts'
import { type FigureRef, figureLink, figureParam, PATHS } from '../paths.ts'
import { useShortcuts } from '../shell/use-shortcuts.ts'
import { strings } from '../strings.ts'
import { Composer } from './composer.tsx'
import { ConversationLog } from './conversation-log.tsx'
import { RunAnnouncer } from './run-announcer.tsx'
import { TalkHead } from './talk-head.tsx'
import { numberThreadFigures, publishedInThread } from './thread-figures.ts'
import type { RoomState, ThreadRoom } from './thread-room.ts'

/** One thread: its head, what was said and done in it, the message box, and the evidence of an open figure. */
export function Conversation({
  threadId,
  figure,
  onShowThreads,
}: {
  threadId: string
  figure: FigureRef | undefined
  onShowThreads: () => void
}) {
  const { rooms } = useWorkspace()
  const room = useMemo(() => rooms.enter(threadId), [rooms, threadId])
  const state = useStore(room)
  const { view, outgoing } = state
  const turns = useMemo(() => turnsOf(view), [view])
  const figures = useMemo(() => numberThreadFigures(turns), [turns])
  const openFigure = useOpenFigure(threadId, figure)
  const title = view.title || turns[0]?.question.text || outgoing[0]?.text || strings.chat.untitled
  usePageTitle(title)

  if (state.phase === 'absent') return <NotFound />
  const lastMessage = outgoing.at(-1)?.text ?? turns.at(-1)?.question.text
  return (
    <>
      <main className="talk" id="main" tabIndex={-1}>
        <TalkHead threadId={threadId} title={title} view={view} onShowThreads={onShowThreads} />
        <RunAnnouncer run={view.runs.at(-1)} outgoing={outgoing} />
        <ConversationLog
          room={room}
          state={state}
          turns={turns}
          figures={figures}
          open={figure}
          onOpenFigure={openFigure}
        />
        <RoomComposer room={room} state={state} lastMessage={lastMessage} />
      </main>
      {figure && (
        <ThreadEvidence figure={figure} state={state} turns={turns} figures={figures} onOpenFigure={openFigure} />
      )}
    </>
  )
}

function RoomComposer({
  room,
  state,
  lastMessage,
}: {
  room: ThreadRoom
  state: RoomState
  lastMessage: string | undefined
}) {
  const busy = room.isBusy()
  useStopOnEscape(room, busy)
  return (
    <Composer
      draftKey={room.threadId}
      busy={busy}
      stopping={room.isStopping()}
      lastMessage={lastMessage}
      held={state.held}
      onRelease={(index) => room.release(index)}
      actions={{
        send: (text) => room.send(text),
        hold: (text) => room.hold(text),
        stop: () => room.stop(),
      }}
    />
  )
}

function ThreadEvidence({
  figure,
  state: { view, phase },
  turns,
  figures,
  onOpenFigure,
}: {
  figure: FigureRef
  state: RoomState
  turns: readonly Turn[]
  figures: ReadonlyMap<string, readonly NumberedFigure[]>
  onOpenFigure: (figure: PublishedFigure | undefined) => void
}) {
  const published = useMemo(() => publishedInThread(turns, figures), [turns, figures])
  const open = published.findIndex(({ runId, claim }) => runId === figure.runId && claim.id === figure.claimId)
  useShortcuts({
    '[': () => open > 0 && onOpenFigure(published[open - 1]),
    ']': () => open < published.length - 1 && onOpenFigure(published[open + 1]),
  })
  // While a run may still publish the figure, its absence says nothing.
  if (open === -1 && (phase !== 'ready' || activeRun(view))) return null
  return (
    <EvidencePanel
      figures={published}
      open={open}
      onOpen={onOpenFigure}
      onClose={() => onOpenFigure(undefined)}
      linkOf={({ runId, claim }) => figureLink(window.location.origin, view.threadId, { runId, claimId: claim.id })}
      offersReport
    />
  )
}

/** Opens a figure by its address, so that a link to it opens it too; closing gives the focus back to its chip. */
function useOpenFigure(threadId: string, current: FigureRef | undefined) {
  const navigate = useNavigate()
  const before = useRef<FigureRef>(undefined)
  useEffect(() => {
    if (current) before.current = current
  }, [current])

  return useCallback(
    (figure: { runId: string; claim: { id: string } } | undefined) => {
      const search = figure ? { figure: figureParam({ runId: figure.runId, claimId: figure.claim.id }) } : {}
      void navigate({ to: PATHS.thread, params: { threadId }, search, replace: true })
      if (!figure && before.current) focusChip(before.current)
    },
    [navigate, threadId],
  )
}

function focusChip({ runId, claimId }: FigureRef) {
  document.querySelector<HTMLElement>(`[data-run="${runId}"] [data-claim="${claimId}"]`)?.focus()
}

/** Escape stops the run unless something else that is open takes it first. */
function useStopOnEscape(room: ThreadRoom, busy: boolean) {
  useEffect(() => {
    if (!busy) return undefined
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
      if (document.querySelector('[role="dialog"], [role="menu"]')) return
      room.stop()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [room, busy])
}
