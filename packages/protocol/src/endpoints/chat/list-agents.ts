import { z } from 'zod'
import { AgentInfo } from '../../agent.ts'
import { endpoint } from '../../endpoint.ts'

/** The eleven agents: purpose, tools, availability. */
export const ListAgents = endpoint({
  name: 'listAgents',
  method: 'GET',
  path: '/api/v1/agents',
  auth: 'access',
  response: z.object({ agents: z.array(AgentInfo), model: z.string(), offline: z.boolean() }),
  service: 'chat',
  summary: 'The eleven agents: purpose, tools, availability.',
})
