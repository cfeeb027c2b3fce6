import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '../app/app-context.tsx'
import { agentsQuery } from '../app/queries.ts'
import { strings } from '../strings.ts'

/** Which model answers; the offline analyst is always named, so that nobody takes its words for a model's. */
export function ModelLabel() {
  const { client } = useWorkspace()
  const { data } = useQuery(agentsQuery(client))
  if (!data) return null
  return data.offline ? (
    <span className="pill" title={strings.offlineAnalystMeans}>
      {strings.offlineAnalyst}
    </span>
  ) : (
    <span className="quiet">{strings.chat.composer.model(data.model)}</span>
  )
}
