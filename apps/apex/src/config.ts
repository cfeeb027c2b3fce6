import { ConfigError, type ConfigProblem, type Env, optionalSetting, parseConfig, setting } from '@apex/kit/config'
import { choiceValue, integerValue, originValue, urlValue } from '@apex/kit/config-value'
import { isLoopback } from './server-address.ts'

export type ApexConfig = ReturnType<typeof parseApexConfig>

/**
 * The settings of the composed start itself; each service reads its own besides. `host` is where it will listen: beyond
 * this machine only behind a proxy that speaks TLS, because session cookies and passwords would cross the network openly.
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
