import { route } from '@apex/kit/http/route'
import { ListAgents } from '@apex/protocol/endpoints/chat/list-agents'
import type { RouteTools } from './route-tools.ts'

/** Which agents there are, and which model answers. */
export function addAgentRoutes({ agents, app }: RouteTools): void {
  route(app, ListAgents, () => ({ agents: [...agents.infos], ...agents.model }))
}
