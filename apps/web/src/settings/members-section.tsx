import { ListMembers } from '@apex/protocol/endpoints/auth/list-members'
import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '../app/app-context.tsx'
import { formatDate } from '../format/instant.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'

const words = strings.settings

/** Who belongs to the organisation. */
export function MembersSection() {
  const { client } = useWorkspace()
  const members = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => client.call(ListMembers, { signal }),
    select: (data) => data.members,
  })
  return (
    <section className="sec first" aria-labelledby="members">
      <div className="sec-head">
        <h2 id="members">{words.members}</h2>
      </div>
      {members.error ? (
        <ProblemNotice error={members.error} onRetry={() => void members.refetch()} />
      ) : (
        <ScrollRegion label={words.members}>
          <table className="listing" aria-busy={members.isLoading}>
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.role}</th>
                <th scope="col" className="n">
                  {words.since}
                </th>
              </tr>
            </thead>
            <tbody>
              {members.data?.map((member) => (
                <tr key={member.userId}>
                  <th scope="row">
                    {member.name}
                    <small>{member.email}</small>
                  </th>
                  <td>{words.roles[member.role]}</td>
                  <td className="n">{formatDate(member.since)}</td>
                </tr>
              )) ?? <SkeletonRows rows={3} columns={3} />}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  )
}
