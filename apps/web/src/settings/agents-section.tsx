import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '../app/app-context.tsx'
import { agentsQuery } from '../app/queries.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ScrollRegion } from '../parts/scroll-region.tsx'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { strings } from '../strings.ts'

const words = strings.settings

/** The eleven agents: what each does, with which tools, and whether it can be used. */
export function AgentsSection() {
  const { client } = useWorkspace()
  const agents = useQuery(agentsQuery(client))
  const model = agents.data?.offline ? `the ${strings.offlineAnalyst}` : agents.data?.model
  return (
    <section className="sec first" aria-labelledby="agents">
      <div className="sec-head">
        <h2 id="agents">{words.agents}</h2>
        {model && <p>{words.agentsLead(model)}</p>}
        {agents.data?.offline && <p>{strings.offlineAnalystMeans}</p>}
      </div>
      {agents.error ? (
        <ProblemNotice error={agents.error} onRetry={() => void agents.refetch()} />
      ) : (
        <ScrollRegion label={words.agents}>
          <table className="listing agents" aria-busy={agents.isLoading}>
            <thead>
              <tr>
                <th scope="col">{words.agent}</th>
                <th scope="col">{words.does}</th>
                <th scope="col">{words.tools}</th>
              </tr>
            </thead>
            <tbody>
              {agents.data?.agents.map((agent) => (
                <tr key={agent.name}>
                  <th scope="row" className="nowrap">
                    {agent.name}
                    <small>{agent.available ? words.available : words.unavailable}</small>
                  </th>
                  <td className="second">
                    {agent.purpose}
                    {agent.unavailableReason && <small>{agent.unavailableReason}</small>}
                  </td>
                  <td>
                    {agent.tools.map((tool) => (
                      <code key={tool.name} title={tool.purpose} className="tool-name">
                        {tool.name}
                      </code>
                    ))}
                  </td>
                </tr>
              )) ?? <SkeletonRows rows={11} columns={3} />}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  )
}
