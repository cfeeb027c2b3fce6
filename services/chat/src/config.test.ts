import { ConfigError } from '@apex/kit/config'
import { describe, expect, test } from 'vitest'
import { parseChatConfig, parseChatServerConfig } from './config.ts'

describe('parseChatConfig', () => {
  test('needs nothing to be set', () => {
    expect(parseChatConfig({})).toEqual({
      nodeId: 'chat-1',
      runs: { runningPerUser: 2, queuedPerUser: 20, deadlineMs: 600_000 },
      poolSize: 10,
      crash: undefined,
    })
  })

  test.each([[{}], [{ NODE_ENV: 'production' }], [{ NODE_ENV: 'development' }]])(
    'refuses a crash point outside of tests, given %j',
    (env) => {
      const asked = { ...env, APEX_CRASH_AT: 'inside-tool', APEX_CRASH_MARKER: '/tmp/marker' }
      expect(() => parseChatConfig(asked)).toThrow(ConfigError)
    },
  )

  test('takes a crash point in tests, with the file that makes it happen once', () => {
    const env = { NODE_ENV: 'test', APEX_CRASH_AT: 'inside-tool' }
    expect(() => parseChatConfig(env)).toThrow(ConfigError)
    expect(parseChatConfig({ ...env, APEX_CRASH_MARKER: '/tmp/marker' }).crash).toEqual({
      point: 'inside-tool',
      markerFile: '/tmp/marker',
    })
  })

  test('names every problem of a process of its own at once', () => {
    const names = () => {
      try {
        parseChatServerConfig({ CHAT_SECRET: 'changeme', CHAT_PORT: 'many' })
        return []
      } catch (error) {
        return (error as ConfigError).problems.map((problem) => problem.name)
      }
    }
    expect(names()).toEqual([
      'CHAT_DATABASE_URL',
      'CHAT_SECRET',
      'CHAT_PUBLIC_ORIGINS',
      'CHAT_AUTH_URL',
      'CHAT_ANALYTICS_URL',
      'CHAT_INTERNAL_SECRET',
      'CHAT_PORT',
    ])
  })
})
