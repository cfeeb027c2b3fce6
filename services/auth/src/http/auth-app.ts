import type { HttpApp } from '@apex/kit/http/http-app'
import type { RouteRequest } from '@apex/kit/http/route'
import type { z } from 'zod'
import type { ActiveSession, Device } from '../sessions/sessions.ts'

export type AuthApp = HttpApp<ActiveSession>

/** The device behind a request, as far as it is known. */
export function deviceOf({
  clientAddress,
  request,
}: Pick<RouteRequest<z.ZodType, z.ZodType, z.ZodType>, 'clientAddress' | 'request'>): Device {
  return { address: clientAddress, userAgent: request.headers.get('user-agent') }
}
