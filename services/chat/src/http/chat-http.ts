import { createHttpApp, type HttpApp } from '@apex/kit/http/http-app'
import { LIMITS } from '@apex/protocol/limits'
import { CommandRateError } from '../errors.ts'
import { TokenBuckets } from '../token-bucket.ts'
import { addAgentRoutes } from './agent-routes.ts'
import type { ChatHttpOptions, RouteTools } from './route-tools.ts'
import { addRunRoutes } from './run-routes.ts'
import { addThreadRoutes } from './thread-routes.ts'
import { addTicketRoutes } from './ticket-routes.ts'

/** The HTTP face of the chat service. */
export function createChatHttp(options: ChatHttpOptions): HttpApp {
  const { clock, jwks, log, metrics, share, verifyToken } = options
  const app = createHttpApp({ service: 'chat', log, metrics, verifyToken })
  const perSecond = LIMITS.commandsPerMinute / 60
  const commands = new TokenBuckets({ capacity: LIMITS.commandBurst, perSecond, clock })
  const forPerson: RouteTools['forPerson'] = (identity, work) => share.run(identity.userId, work)
  const tools: RouteTools = {
    ...options,
    app,
    forPerson,
    forCommand: (identity, work) => {
      const waitMs = commands.take(identity.userId)
      if (waitMs > 0) throw new CommandRateError(waitMs)
      return forPerson(identity, work)
    },
  }
  addThreadRoutes(tools)
  addRunRoutes(tools)
  addTicketRoutes(tools)
  addAgentRoutes(tools)
  app.hono.get('/internal/chat/jwks.json', async (context) => context.json(await jwks()))
  return app
}
