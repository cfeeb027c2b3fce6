import type { ConfigError } from '@apex/kit/config'
import { describe, expect, test } from 'vitest'
import { parseAuthConfig } from './config.ts'

const good = {
  NODE_ENV: 'production',
  AUTH_DATABASE_URL: 'postgres://apex@db/apex',
  AUTH_SECRET: 'x5Jq0-prod-Zw8Ld2Rm6Vb1Ny4Kp7Tg9Hc3',
  AUTH_PUBLIC_ORIGINS: 'https://apex.example, http://localhost:8000, http://127.0.0.1:8000',
}

function problemsOf(env: Record<string, string>): string[] {
  try {
    parseAuthConfig(env)
    return []
  } catch (error) {
    return (error as ConfigError).problems.map((each) => `${each.name} ${each.problem}`)
  }
}

describe('parseAuthConfig', () => {
  test('fills in what is usual', () => {
    expect(parseAuthConfig(good)).toMatchObject({
      publicOrigins: ['https://apex.example', 'http://localhost:8000', 'http://127.0.0.1:8000'],
      session: { idleMs: 604_800_000, absoluteMs: 2_592_000_000, maxPerUser: 5 },
      token: { issuer: 'apex-auth', audiences: ['apex-auth', 'apex-chat', 'apex-analytics'] },
    })
  })

  test('names everything that is missing or weak at once', () => {
    expect(problemsOf({ NODE_ENV: 'production', AUTH_SECRET: 'changeme', AUTH_SESSION_IDLE: 'soon' })).toEqual([
      'AUTH_DATABASE_URL is not set',
      'AUTH_SECRET is shorter than 32 characters',
      'AUTH_PUBLIC_ORIGINS is not set',
      'AUTH_SESSION_IDLE is not a duration such as 250ms, 30s, 5m, 12h or 7d',
    ])
  })

  test('refuses a long secret that everybody knows', () => {
    expect(problemsOf({ ...good, AUTH_SECRET: 'better-auth-secret-12345678901234567890' })).toEqual([
      'AUTH_SECRET is a well-known example value',
    ])
  })

  test('refuses addresses to which browsers would not send the cookie, and an idle time beyond the longest life', () => {
    expect(problemsOf({ ...good, AUTH_PUBLIC_ORIGINS: 'http://apex.example', AUTH_SESSION_IDLE: '60d' })).toEqual([
      'AUTH_PUBLIC_ORIGINS http://apex.example is neither https nor this machine, so browsers would not keep the session cookie',
      'AUTH_SESSION_IDLE is longer than AUTH_SESSION_LONGEST',
    ])
  })
})
