import { parseAnalyticsConfig } from '@apex/analytics/config'
import { parseAuthConfig } from '@apex/auth/config'
import { parseChatConfig } from '@apex/chat/config'
import {
  ConfigError,
  type ConfigProblem,
  type Env,
  optionalSetting,
  parseConfig,
  parseTogether,
  setting,
} from '@apex/kit/config'
import { choiceValue, integerValue, originValue, secretValue, urlValue } from '@apex/kit/config-value'
import { isLoopback } from './server-address.ts'

export type ApexConfig = ReturnType<typeof parseApexConfig>

/** What the services are told that only the start knows. */
export type GivenToServices = { databaseUrl: string; clickhouseUrl: string; secret: string; origins: readonly string[] }

// Stand for what is known only later, so that everything a person set is judged before anything is started.
const placeholders: GivenToServices = {
  databaseUrl: 'postgres://placeholder',
  clickhouseUrl: 'http://placeholder',
  secret: 'c3RhbmRzLWZvci10aGUtc2VjcmV0LW9mLXRoZS1kYXRhLWZvbGRlcg',
  origins: ['https://placeholder.invalid'],
}

/** Checks the settings of the start and of every service together; throws `ConfigError` with every problem. */
export function checkConfig(env: Env, { host }: { host: string }): ApexConfig {
  const { apex } = parseTogether({
    apex: () => parseApexConfig(env, { host }),
    services: () => parseServices(env, placeholders),
  })
  return apex
}

/** The configuration of each service; what a person set wins over what the start gives. */
export function parseServices(env: Env, given: GivenToServices) {
  return parseTogether({
    auth: () =>
      parseAuthConfig({
        AUTH_DATABASE_URL: given.databaseUrl,
        AUTH_SECRET: given.secret,
        AUTH_PUBLIC_ORIGINS: given.origins.join(','),
        ...env,
      }),
    chat: () => ({
      ...parseChatConfig(env),
      databaseUrl: given.databaseUrl,
      secret: given.secret,
      origins: given.origins,
    }),
    analytics: () =>
      parseAnalyticsConfig({
        ANALYTICS_DATABASE_URL: given.databaseUrl,
        ANALYTICS_CLICKHOUSE_URL: given.clickhouseUrl,
        ...env,
      }),
  })
}

/**
 * The settings of the composed start itself. `host` is where it will listen: beyond this machine only behind a proxy that
 * speaks TLS, because session cookies and passwords would cross the network openly.
 */
export function parseApexConfig(env: Env, { host }: { host: string }) {
  const config = parseConfig(env, {
    stores: {
      postgresUrl: optionalSetting('DATABASE_URL', urlValue('postgres:', 'postgresql:'), {
        hint: 'Leave it out for the embedded PostgreSQL, or give postgres://user:password@host/database.',
      }),
      clickhouseUrl: optionalSetting('CLICKHOUSE_URL', urlValue('http:', 'https:'), {
        hint: 'Leave it out for the embedded ClickHouse, or give http://user:password@host:8123.',
      }),
    },
    secret: optionalSetting('APEX_SECRET', secretValue(), {
      hint: 'Leave it out for one made in the data folder, or make one with: openssl rand -base64 48',
    }),
    publicUrl: optionalSetting('PUBLIC_URL', originValue(), {
      hint: 'The address people use in their browsers, such as https://apex.example.com.',
    }),
    trustedProxies: setting('TRUSTED_PROXIES', integerValue({ min: 0, max: 10 }), {
      fallback: '0',
      hint: 'How many proxies of yours stand in front, one after the other.',
    }),
    logLevel: setting('LOG_LEVEL', choiceValue('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
      fallback: 'info',
      hint: 'One of trace, debug, info, warn, error, fatal, silent.',
    }),
  })
  const problems = isLoopback(host) ? [] : openToNetworkProblems(host, config)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function openToNetworkProblems(
  host: string,
  { publicUrl, trustedProxies }: { publicUrl: string | undefined; trustedProxies: number },
): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (trustedProxies === 0) {
    problems.push({
      name: '--host',
      problem: `${host} can be reached from other machines, and Netra itself speaks no TLS`,
      hint: 'Passwords would cross the network unencrypted. Put a TLS proxy in front and set TRUSTED_PROXIES=1, or stay on 127.0.0.1.',
    })
  }
  if (!publicUrl?.startsWith('https://')) {
    problems.push({
      name: 'PUBLIC_URL',
      problem: publicUrl ? 'is not an https:// address' : `is not set, but --host ${host} is beyond this machine`,
      hint: 'Give the https:// address of the proxy in front, which browsers use.',
    })
  }
  return problems
}
