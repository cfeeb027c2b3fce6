import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { OpaqueId } from '../../id.ts'
import { Me } from '../../identity.ts'

/** Makes another of the person's organisations the active one. */
export const SwitchOrganization = endpoint({
  name: 'switchOrganization',
  method: 'POST',
  path: '/api/v1/auth/organization',
  auth: 'session',
  body: z.object({ organizationId: OpaqueId }),
  response: Me,
  errors: ['not_found'],
  service: 'auth',
  summary: "Makes another of the person's organisations the active one.",
})
