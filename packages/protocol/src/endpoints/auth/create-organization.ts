import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { OpaqueId } from '../../id.ts'
import { Text } from '../../text.ts'

/** Creates an organisation owned by the person. Owners only. */
export const CreateOrganization = endpoint({
  name: 'createOrganization',
  method: 'POST',
  path: '/api/v1/auth/organizations',
  auth: 'session',
  body: z.object({ name: Text.pipe(z.string().trim().min(1).max(100)) }),
  response: z.object({ organization: z.object({ id: OpaqueId, name: Text }) }),
  status: 201,
  errors: ['forbidden'],
  service: 'auth',
  summary: 'Creates an organisation owned by the person. Owners only.',
})
