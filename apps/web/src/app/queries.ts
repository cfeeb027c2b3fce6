import type { HttpClient } from '@apex/client/http-client'
import { ListImports } from '@apex/protocol/endpoints/analytics/list-imports'
import { ListAgents } from '@apex/protocol/endpoints/chat/list-agents'
import { queryOptions } from '@tanstack/react-query'

const WHILE_RUNNING_MS = 1_000

/** Imports of the organisation, newest first; asked again each second while one is running. */
export function importsQuery(client: HttpClient) {
  return queryOptions({
    queryKey: ['imports'],
    queryFn: ({ signal }) => client.call(ListImports, { signal }),
    select: (data) => data.imports,
    refetchInterval: ({ state }) =>
      state.data?.imports.some((record) => record.state === 'running') ? WHILE_RUNNING_MS : false,
  })
}

/** The agents and the model that answers for them. */
export function agentsQuery(client: HttpClient) {
  return queryOptions({
    queryKey: ['agents'],
    queryFn: ({ signal }) => client.call(ListAgents, { signal }),
    staleTime: 300_000,
  })
}
