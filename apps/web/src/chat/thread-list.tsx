import { ListThreads } from '@apex/protocol/endpoints/chat/list-threads'
import type { Thread } from '@apex/protocol/thread'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { useMinute } from '../app/minute.ts'
import { formatWhen } from '../format/instant.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Bone } from '../parts/skeleton.tsx'
import { useEscape } from '../parts/use-escape.ts'
import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'
import { groupThreads, searchThreads } from './thread-groups.ts'

const words = strings.chat

/** The person's threads by day, with a search over their titles. */
export function ThreadList({ current, onClose }: { current: string | undefined; onClose: () => void }) {
  const { client } = useWorkspace()
  const [search, setSearch] = useState('')
  const now = useMinute()
  const list = useRef<HTMLElement>(null)
  useEscape(list, onClose)
  const { data, error, refetch } = useQuery({
    queryKey: ['threads'],
    queryFn: ({ signal }) => client.call(ListThreads, { query: { limit: 200 }, signal }),
    select: ({ threads }) => threads,
  })
  const found = searchThreads(data ?? [], search)
  return (
    <nav className="threads" aria-label={words.threads} ref={list}>
      <div className="threads-head">
        <input
          id="thread-search"
          className="find"
          type="search"
          placeholder={words.search}
          aria-label={words.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Link className="btn" to={PATHS.chat} onClick={onClose}>
          <Plus className="icon" aria-hidden="true" />
          {words.newThread}
        </Link>
        <button type="button" className="ghost square only-narrow" aria-label={words.closeThreads} onClick={onClose}>
          <X className="icon" aria-hidden="true" />
        </button>
      </div>
      <div className="threads-list">
        {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
        {!data && !error && <ThreadSkeleton />}
        {data?.length === 0 && <p className="threads-none">{words.noThreads}</p>}
        {data && data.length > 0 && found.length === 0 && <p className="threads-none">{words.noMatches}</p>}
        {groupThreads(found, now).map((group) => (
          <section key={group.day} aria-labelledby={`threads-${group.day}`}>
            <h2 id={`threads-${group.day}`}>{words.day[group.day]}</h2>
            <ul>
              {group.threads.map((thread) => (
                <ThreadItem
                  key={thread.id}
                  thread={thread}
                  now={now}
                  isCurrent={thread.id === current}
                  onClose={onClose}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {data && data.length > 0 && <p className="threads-foot">{words.threadCount(data.length)}</p>}
    </nav>
  )
}

function ThreadItem({
  thread,
  now,
  isCurrent,
  onClose,
}: {
  thread: Thread
  now: Date
  isCurrent: boolean
  onClose: () => void
}) {
  const running = thread.activeRunId !== null
  return (
    <li>
      <Link
        to={PATHS.thread}
        params={{ threadId: thread.id }}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={onClose}
      >
        <span className="title">{thread.title || words.untitled}</span>
        <span className="meta">
          {running ? (
            <span className="live">{words.running}</span>
          ) : (
            <time dateTime={thread.updatedAt}>{formatWhen(thread.updatedAt, now)}</time>
          )}
        </span>
      </Link>
    </li>
  )
}

function ThreadSkeleton() {
  return (
    <ul aria-busy="true" className="threads-bones">
      {['80%', '62%', '74%', '55%', '68%'].map((width) => (
        <li key={width}>
          <Bone width={width} />
          <Bone width="40%" />
        </li>
      ))}
    </ul>
  )
}
