import type { Turn } from '@apex/client/thread-view'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import type { PublishedFigure } from '../evidence/evidence-panel.tsx'
import type { NumberedFigure } from '../markdown/numbered-figures.ts'
import { Bone } from '../parts/skeleton.tsx'
import type { FigureRef } from '../paths.ts'
import { strings } from '../strings.ts'
import { PendingTurn } from './pending-turn.tsx'
import type { RoomState, ThreadRoom } from './thread-room.ts'
import { TurnView } from './turn-view.tsx'
import { useStickToEnd } from './use-stick-to-end.ts'

/** Everything said and done in a thread, oldest first; follows the end as long as the reader is there. */
export function ConversationLog({ room, state, turns, figures, open, onOpenFigure }: LogProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { atEnd, toEnd } = useStickToEnd(scroller, room.threadId, open)
  const newest = state.outgoing.at(-1)
  const isNew = newest?.state === 'sending' ? newest.messageId : undefined
  // Whoever sends wants to see what comes of it, wherever they were reading.
  useEffect(() => {
    if (isNew) toEnd()
  }, [isNew, toEnd])
  const running = state.view.runs.some((run) => run.state !== 'finished')
  return (
    <div className="talk-log-frame">
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div
        className="talk-log"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-busy={running || state.phase === 'loading'}
        aria-label={strings.chat.log}
        data-last-seq={state.view.seq}
      >
        <div className="talk-in">
          {state.phase === 'loading' && turns.length === 0 && <LogSkeleton />}
          <Turns state={state} turns={turns} figures={figures} open={open} room={room} onOpenFigure={onOpenFigure} />
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="btn jump" onClick={toEnd}>
          <ArrowDown className="icon" aria-hidden="true" />
          {strings.chat.jump}
        </button>
      )}
    </div>
  )
}

type LogProps = {
  room: ThreadRoom
  state: RoomState
  turns: readonly Turn[]
  figures: ReadonlyMap<string, readonly NumberedFigure[]>
  open: FigureRef | undefined
  onOpenFigure: (figure: Pick<PublishedFigure, 'runId' | 'claim'> | undefined) => void
}

function Turns({ room, state, turns, figures, open, onOpenFigure }: LogProps) {
  const ask = useCallback((text: string) => room.send(text), [room])
  return (
    <>
      {turns.map((turn, index) => (
        <TurnView
          key={turn.question.messageId}
          turn={turn}
          figures={(turn.run && figures.get(turn.run.runId)) || NO_FIGURES}
          isLast={index === turns.length - 1}
          open={open && open.runId === turn.run?.runId ? open.claimId : undefined}
          onOpenFigure={onOpenFigure}
          onAsk={ask}
        />
      ))}
      {state.outgoing
        .filter(({ messageId }) => !turns.some(({ question }) => question.messageId === messageId))
        .map((message) => (
          <PendingTurn
            key={message.messageId}
            message={message}
            onRetry={() => room.retry(message.messageId)}
            onDiscard={() => room.discard(message.messageId)}
          />
        ))}
    </>
  )
}

const NO_FIGURES: readonly NumberedFigure[] = []

function LogSkeleton() {
  return (
    <div className="stack">
      <Bone width="100%" height="38px" />
      <Bone width="100%" height="36px" />
      <Bone width="92%" />
      <Bone width="84%" />
      <Bone width="56%" />
    </div>
  )
}
