import { ListSessions } from '@apex/protocol/endpoints/auth/list-sessions'
import { RevokeSession } from '@apex/protocol/endpoints/auth/revoke-session'
import type { SessionInfo } from '@apex/protocol/identity'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { formatDateTime } from '../format/instant.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'
import { describeUserAgent } from './user-agent.ts'

const words = strings.settings

/** Where the person is signed in; each session but this one can be ended here. */
export function SessionsSection() {
  const { client } = useWorkspace()
  const queries = useQueryClient()
  const [ending, setEnding] = useState<SessionInfo>()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => client.call(ListSessions, { signal }),
    select: (data) => data.sessions,
  })

  async function end(session: SessionInfo) {
    await client.call(RevokeSession, { params: { sessionId: session.id } })
    await queries.invalidateQueries({ queryKey: ['sessions'] })
  }

  return (
    <section className="sec" aria-labelledby="sessions">
      <div className="sec-head">
        <h2 id="sessions">{words.sessions}</h2>
        <p>{words.sessionsLead}</p>
      </div>
      {sessions.error && <ProblemNotice error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {!sessions.error && (
        <table className="listing" aria-busy={sessions.isLoading}>
          <tbody>
            {sessions.data?.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => setEnding(session)} />
            )) ?? <SkeletonRows rows={2} columns={3} />}
          </tbody>
        </table>
      )}
      <ConfirmDialog
        open={ending !== undefined}
        onClose={() => setEnding(undefined)}
        title={words.endTitle}
        body={words.endBody}
        action={words.end}
        onConfirm={async () => ending && (await end(ending))}
      />
    </section>
  )
}

function SessionRow({ session, onEnd }: { session: SessionInfo; onEnd: () => void }) {
  return (
    <tr>
      <th scope="row">
        {describeUserAgent(session.userAgent) ?? words.unknownAgent}{' '}
        {session.current && <span className="pill">{words.thisOne}</span>}
        <small>{words.lastUsed(formatDateTime(session.lastUsedAt))}</small>
      </th>
      <td className="second">{session.ipPrefix ? `${words.from} ${session.ipPrefix}` : ''}</td>
      <td className="n">
        {!session.current && (
          <button type="button" className="btn" onClick={onEnd}>
            {words.end}
          </button>
        )}
      </td>
    </tr>
  )
}
