import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ENDPOINTS } from './endpoints.ts'

describe('the endpoint list', () => {
  test('names every endpoint file exactly once', () => {
    const files = ['auth', 'chat', 'analytics'].flatMap((service) =>
      readdirSync(new URL(`./endpoints/${service}`, import.meta.url)).map((file) => `${service}/${file}`),
    )

    expect(ENDPOINTS).toHaveLength(files.length)
    expect(new Set(ENDPOINTS.map(({ name }) => name)).size).toBe(files.length)
  })

  test('gives every method and path one owner', () => {
    const routes = ENDPOINTS.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`)

    expect(new Set(routes).size).toBe(routes.length)
  })

  test('lets nobody in without credentials but where signing in begins', () => {
    const open = ENDPOINTS.filter(({ auth }) => auth === 'public').map(({ name }) => name)

    expect(open.toSorted()).toEqual(['acceptInvitation', 'getJwks', 'previewInvitation', 'signIn'])
  })
})
