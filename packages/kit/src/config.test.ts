import { describe, expect, test } from 'vitest'
import { ConfigError, optionalSetting, parseConfig, parseTogether, renderConfigProblems, setting } from './config.ts'
import { durationValue, listValue, originValue, portValue, secretValue, urlValue } from './config-value.ts'

const spec = {
  database: { url: setting('DATABASE_URL', urlValue('postgres:', 'postgresql:'), { hint: 'Set the address.' }) },
  port: setting('PORT', portValue(), { hint: 'Set a port.', fallback: '8001' }),
  secret: setting('SECRET', secretValue(), { hint: 'Make one with openssl rand -base64 48.' }),
  session: { idleMs: setting('IDLE', durationValue(), { hint: 'Such as 7d.', fallback: '7d' }) },
  origins: optionalSetting('ORIGINS', listValue(originValue()), { hint: 'Comma separated.' }),
}
const secret = 'k3Jx91-vQz0pLmW8sYtRbN4dHfG7cAeU'

function problemsOf(env: Record<string, string>): string[] {
  try {
    parseConfig(env, spec)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((each) => `${each.name} ${each.problem}`)
  }
  return []
}

describe('parseConfig', () => {
  test('returns a nested, typed object with fallbacks', () => {
    const config = parseConfig(
      { DATABASE_URL: 'postgres://db/apex', SECRET: secret, ORIGINS: 'https://a.example, http://localhost:8000' },
      spec,
    )

    expect(config).toEqual({
      database: { url: 'postgres://db/apex' },
      port: 8001,
      secret,
      session: { idleMs: 604_800_000 },
      origins: ['https://a.example', 'http://localhost:8000'],
    })
  })

  test('reports every problem at once', () => {
    expect(problemsOf({ PORT: '70000', SECRET: 'changeme', IDLE: 'week', ORIGINS: 'https://a.example/path' })).toEqual([
      'DATABASE_URL is not set',
      'PORT is not between 0 and 65535',
      'SECRET is shorter than 32 characters',
      'IDLE is not a duration such as 250ms, 30s, 5m, 12h or 7d',
      'ORIGINS has more than scheme, host and port',
    ])
  })

  test('treats an empty string as absent', () => {
    expect(problemsOf({ DATABASE_URL: '  ', SECRET: secret })).toEqual(['DATABASE_URL is not set'])
  })

  test('refuses secrets that are long but known or repetitive', () => {
    const url = 'postgres://db/apex'
    expect(problemsOf({ DATABASE_URL: url, SECRET: `changeme${'-please-now'.repeat(4)}` })).toEqual([
      'SECRET is a well-known example value',
    ])
    expect(problemsOf({ DATABASE_URL: url, SECRET: 'abc'.repeat(20) })).toEqual([
      'SECRET repeats too few different characters',
    ])
  })

  test('lets a check report problems between settings', () => {
    const parse = () =>
      parseConfig({ DATABASE_URL: 'postgres://db/apex', SECRET: secret }, spec, (config, report) => {
        if (config.port === 8001) report({ name: 'PORT', problem: 'is taken', hint: 'Choose another.' })
      })

    expect(parse).toThrow(ConfigError)
  })

  test('renders names, problems and hints, never a value', () => {
    try {
      parseConfig({ SECRET: 'hunter2hunter2' }, spec)
      expect.unreachable()
    } catch (error) {
      const text = renderConfigProblems(error as ConfigError)
      expect(text).toContain('2 configuration problems')
      expect(text).toContain('SECRET: is shorter than 32 characters\n    Make one with openssl')
      expect(text).not.toContain('hunter2')
    }
  })

  test('several services report together and once each', () => {
    const parse = () => parseTogether({ auth: () => parseConfig({}, spec), chat: () => parseConfig({}, spec) })

    expect(parse).toThrow(
      expect.objectContaining({ problems: expect.toSatisfy((list: unknown[]) => list.length === 2) }),
    )
  })
})
