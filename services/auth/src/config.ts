import { type Env, optionalSetting, parseConfig, setting } from '@apex/kit/config'
import {
  durationValue,
  integerValue,
  listValue,
  originValue,
  portValue,
  secretValue,
  textValue,
  urlValue,
} from '@apex/kit/config-value'

/** Everything the auth service needs to be told. */
export type AuthConfig = {
  databaseUrl: string
  /** Protects stored signing keys and the library's own signatures. */
  secret: string
  /** Exact origins of the pages that may use the session cookie. */
  publicOrigins: string[]
  session: { idleMs: number; absoluteMs: number; maxPerUser: number }
  token: { issuer: string; audiences: string[] }
  /** Lets other processes read revoked sessions; calls inside the process need none. */
  internalSecret?: string | undefined
}

/** Where a service that runs alone listens. */
export type AuthListen = { host: string; port: number; trustedProxies: number }

const spec = {
  databaseUrl: setting('AUTH_DATABASE_URL', urlValue('postgres:', 'postgresql:'), {
    hint: 'Set the address of PostgreSQL, such as postgres://user:password@host:5432/apex.',
  }),
  secret: setting('AUTH_SECRET', secretValue(), { hint: 'Make one with: openssl rand -base64 48' }),
  publicOrigins: setting('AUTH_PUBLIC_ORIGINS', listValue(originValue()), {
    hint: 'List the addresses people open, such as https://apex.example.com, separated by commas.',
  }),
  session: {
    idleMs: setting('AUTH_SESSION_IDLE', durationValue(), { hint: 'Such as 7d.', fallback: '7d' }),
    absoluteMs: setting('AUTH_SESSION_LONGEST', durationValue(), { hint: 'Such as 30d.', fallback: '30d' }),
    maxPerUser: setting('AUTH_SESSIONS_PER_USER', integerValue({ min: 1, max: 100 }), {
      hint: 'Such as 5.',
      fallback: '5',
    }),
  },
  token: {
    issuer: setting('AUTH_TOKEN_ISSUER', textValue(), { hint: 'Such as apex-auth.', fallback: 'apex-auth' }),
    audiences: setting('AUTH_TOKEN_AUDIENCES', listValue(textValue()), {
      hint: 'The services that accept access tokens.',
      fallback: 'apex-auth,apex-chat,apex-analytics',
    }),
  },
  internalSecret: optionalSetting('AUTH_INTERNAL_SECRET', secretValue(), {
    hint: 'Give the same value to the services that poll revoked sessions, or leave it out.',
  }),
} as const

/** Reads the service's settings; throws `ConfigError` with every problem. */
export function parseAuthConfig(env: Env): AuthConfig {
  return parseConfig(env, spec, (config, report) => {
    const open = config.publicOrigins.filter((origin) => !isSafeForCookies(origin))
    if (config.publicOrigins.length === 0) {
      report({ name: 'AUTH_PUBLIC_ORIGINS', problem: 'is empty', hint: 'List at least one address.' })
    }
    if (open.length > 0) {
      report({
        name: 'AUTH_PUBLIC_ORIGINS',
        problem: `${open.join(', ')} is neither https nor this machine, so browsers would not keep the session cookie`,
        hint: 'Use https:// addresses, or http://localhost and http://127.0.0.1.',
      })
    }
    if (config.session.idleMs > config.session.absoluteMs) {
      report({ name: 'AUTH_SESSION_IDLE', problem: 'is longer than AUTH_SESSION_LONGEST', hint: 'Make it shorter.' })
    }
  })
}

/** Reads where to listen, for a process that runs this service alone. */
export function parseAuthListen(env: Env): AuthListen {
  return parseConfig(env, {
    host: setting('AUTH_HOST', textValue(), { hint: 'Such as 127.0.0.1.', fallback: '127.0.0.1' }),
    port: setting('AUTH_PORT', portValue(), { hint: 'Such as 8001.', fallback: '8001' }),
    trustedProxies: setting('AUTH_TRUSTED_PROXIES', integerValue({ min: 0, max: 10 }), {
      hint: 'How many proxies of yours stand in front.',
      fallback: '0',
    }),
  })
}

function isSafeForCookies(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
