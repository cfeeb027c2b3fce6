import { endpoint } from '../../endpoint.ts'
import { Me } from '../../identity.ts'

/** Who is signed in, in which organisation. */
export const GetMe = endpoint({
  name: 'getMe',
  method: 'GET',
  path: '/api/v1/auth/me',
  auth: 'session',
  response: Me,
  service: 'auth',
  summary: 'Who is signed in, in which organisation.',
})
