import { type Env, parseConfig, setting } from '@apex/kit/config'
import {
  durationValue,
  integerValue,
  originValue,
  portValue,
  secretValue,
  textValue,
  urlValue,
} from '@apex/kit/config-value'

/** The audience of tokens that this service accepts. */
export const ANALYTICS_AUDIENCE = 'apex-analytics'
/** Who signs access tokens of people, and who signs delegation tokens of runs. */
export const ACCESS_ISSUER = 'apex-auth'
export const DELEGATION_ISSUER = 'apex-chat'

/** Everything the analytics service needs to be told. */
export type AnalyticsConfig = {
  databaseUrl: string
  clickhouseUrl: string
  /** The ClickHouse database of the calls; made when it is missing. */
  clickhouseDatabase: string
  poolSize: number
  /** The longest one statement over calls may take. */
  statementTimeoutMs: number
  imports: {
    /** Imports that run at the same time, of all organisations and of one. */
    atOnce: number
    atOncePerOrganization: number
    /** Most decompressed bytes of one file. */
    maxBytes: number
  }
  /** Bases for the requests given to `authFetch` and `chatFetch`; absent inside one process. */
  authUrl?: string
  chatUrl?: string
  /** Proves to the auth service of another process that this one may ask for ended sessions. */
  internalSecret?: string
}

/** Reads the settings that hold whichever way the service is started; throws `ConfigError` with every problem. */
export function parseAnalyticsConfig(env: Env): AnalyticsConfig {
  return parseConfig(
    env,
    {
      databaseUrl: setting('ANALYTICS_DATABASE_URL', urlValue('postgres:', 'postgresql:'), {
        hint: 'Set the address of PostgreSQL, such as postgres://user:password@host:5432/apex.',
      }),
      clickhouseUrl: setting('ANALYTICS_CLICKHOUSE_URL', urlValue('http:', 'https:'), {
        hint: 'Set the address of ClickHouse, such as http://user:password@host:8123.',
      }),
      clickhouseDatabase: setting('ANALYTICS_CLICKHOUSE_DATABASE', textValue(), {
        fallback: 'apex',
        hint: 'The database the calls are kept in, such as apex.',
      }),
      poolSize: setting('ANALYTICS_POOL_SIZE', integerValue({ min: 4, max: 200 }), {
        fallback: '12',
        hint: 'How many PostgreSQL connections the service may hold.',
      }),
      statementTimeoutMs: setting('ANALYTICS_STATEMENT_TIMEOUT', durationValue(), {
        fallback: '25s',
        hint: 'How long one statement over calls may take, such as 25s.',
      }),
      imports: {
        atOnce: setting('ANALYTICS_IMPORTS_AT_ONCE', integerValue({ min: 1, max: 100 }), {
          fallback: '4',
          hint: 'How many imports may run at the same time. Each holds a connection of the pool.',
        }),
        atOncePerOrganization: setting('ANALYTICS_IMPORTS_PER_ORGANIZATION', integerValue({ min: 1, max: 100 }), {
          fallback: '2',
          hint: 'How many imports of one organisation may run at the same time.',
        }),
        maxBytes: setting('ANALYTICS_IMPORT_MAX_BYTES', integerValue({ min: 1_024, max: 1_000_000_000_000 }), {
          fallback: '10000000000',
          hint: 'Most bytes of one file once it is decompressed.',
        }),
      },
    },
    ({ poolSize, imports }, report) => {
      if (poolSize >= imports.atOnce + 3) return
      report({
        name: 'ANALYTICS_POOL_SIZE',
        problem: `is too small for ANALYTICS_IMPORTS_AT_ONCE=${imports.atOnce}, each of which holds a connection`,
        hint: 'Raise it to at least three more than the imports at once.',
      })
    },
  )
}

/** Reads what a process that runs this service alone needs besides. */
export function parseAnalyticsServer(env: Env) {
  return parseConfig(env, {
    authUrl: setting('ANALYTICS_AUTH_URL', originValue(), {
      hint: 'Where the auth service listens, such as http://auth:8001.',
    }),
    chatUrl: setting('ANALYTICS_CHAT_URL', originValue(), {
      hint: 'Where the chat service listens, such as http://chat:8000.',
    }),
    internalSecret: setting('ANALYTICS_INTERNAL_SECRET', secretValue(), {
      hint: 'The same value as AUTH_INTERNAL_SECRET of the auth service, which tells of ended sessions.',
    }),
    host: setting('ANALYTICS_HOST', textValue(), { hint: 'Such as 127.0.0.1.', fallback: '127.0.0.1' }),
    port: setting('ANALYTICS_PORT', portValue(), { hint: 'Such as 8002.', fallback: '8002' }),
    trustedProxies: setting('ANALYTICS_TRUSTED_PROXIES', integerValue({ min: 0, max: 10 }), {
      hint: 'How many proxies of yours stand in front.',
      fallback: '0',
    }),
  })
}
