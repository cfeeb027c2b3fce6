import { type Env, optionalSetting, parseConfig, setting } from '@apex/kit/config'
import {
  integerValue,
  listValue,
  originValue,
  portValue,
  secretValue,
  textValue,
  urlValue,
} from '@apex/kit/config-value'
import type { CrashPlan } from './runs/crash-point.ts'
import type { SocketLimits } from './ws/socket-limits.ts'

/** The audience that access tokens for this service name. */
export const CHAT_AUDIENCE = 'apex-chat'
/** What this service signs delegation tokens as, and for whom. */
export const DELEGATION_ISSUER = 'apex-chat'
export const DELEGATION_AUDIENCE = 'apex-analytics'

/** Settings a person may change, whichever way the service is started. */
export type ChatSettings = {
  /** Names this node: the same for each start, so that it finds its own unfinished runs; different on each node. */
  nodeId: string
  runs: {
    /** Runs of one person that work at the same time, and that may wait. */
    runningPerUser: number
    queuedPerUser: number
    deadlineMs: number
  }
  poolSize: number
  /** Where a test wants the process to die; never outside of NODE_ENV=test. */
  crash: CrashPlan | undefined
}

/** Everything the service needs to be created. */
export type ChatConfig = ChatSettings & {
  databaseUrl: string
  /** Seals the signing keys at rest. */
  secret: string
  /** Web origins whose pages may open sockets. */
  origins: readonly string[]
  /** Bases for the requests given to `authFetch` and `analyticsFetch`. */
  authUrl?: string
  analyticsUrl?: string
  /** Proves to the auth service of another process that this one may ask for ended sessions. */
  internalSecret?: string
  socketLimits?: Partial<SocketLimits>
}

/** The settings that do not depend on which stores are used; throws ConfigError with every problem. */
export function parseChatConfig(env: Env): ChatSettings {
  const { crashAt, crashMarker, ...parsed } = parseConfig(
    env,
    {
      nodeId: setting('CHAT_NODE_ID', textValue(), {
        fallback: 'chat-1',
        hint: 'A name for this node, kept over restarts.',
      }),
      runs: {
        runningPerUser: setting('CHAT_RUNS_PER_USER', integerValue({ min: 1, max: 100 }), {
          fallback: '2',
          hint: 'How many questions of one person are answered at the same time.',
        }),
        queuedPerUser: setting('CHAT_QUEUED_PER_USER', integerValue({ min: 1, max: 1_000 }), {
          fallback: '20',
          hint: 'How many questions of one person may wait.',
        }),
        deadlineMs: setting('CHAT_RUN_DEADLINE_MS', integerValue({ min: 1_000, max: 3_600_000 }), {
          fallback: '600000',
          hint: 'How long one answer may take, in milliseconds.',
        }),
      },
      poolSize: setting('CHAT_POOL_SIZE', integerValue({ min: 2, max: 200 }), {
        fallback: '10',
        hint: 'How many database connections the service may hold.',
      }),
      nodeEnv: setting('NODE_ENV', textValue(), { fallback: 'production', hint: 'Leave it out.' }),
      crashAt: optionalSetting('APEX_CRASH_AT', textValue(), { hint: 'For tests only: leave it out.' }),
      crashMarker: optionalSetting('APEX_CRASH_MARKER', textValue(), { hint: 'A file that says the crash was done.' }),
    },
    ({ crashAt, crashMarker, nodeEnv }, report) => {
      if (crashAt === undefined) return
      const hint = 'It ends the process on purpose: leave it out.'
      if (nodeEnv !== 'test') report({ name: 'APEX_CRASH_AT', problem: 'is only for NODE_ENV=test', hint })
      if (crashMarker === undefined) report({ name: 'APEX_CRASH_MARKER', problem: 'is not set', hint })
    },
  )
  const { nodeId, runs, poolSize } = parsed
  const crash = crashAt && crashMarker ? { point: crashAt, markerFile: crashMarker } : undefined
  return { nodeId, runs, poolSize, crash }
}

/** What the service needs when it is a process of its own; throws ConfigError with every problem. */
export function parseChatServerConfig(env: Env) {
  return parseConfig(env, {
    databaseUrl: setting('CHAT_DATABASE_URL', urlValue('postgres:', 'postgresql:'), {
      hint: 'Set the address of PostgreSQL, such as postgres://user:password@host:5432/apex.',
    }),
    secret: setting('CHAT_SECRET', secretValue(), { hint: 'Make one with: openssl rand -base64 48' }),
    origins: setting('CHAT_PUBLIC_ORIGINS', listValue(originValue()), {
      hint: 'List the addresses people open, such as https://apex.example.com, separated by commas.',
    }),
    authUrl: setting('CHAT_AUTH_URL', originValue(), {
      hint: 'Where the auth service listens, such as http://auth:8001.',
    }),
    analyticsUrl: setting('CHAT_ANALYTICS_URL', originValue(), {
      hint: 'Where the analytics service listens, such as http://analytics:8002.',
    }),
    internalSecret: setting('CHAT_INTERNAL_SECRET', secretValue(), {
      hint: 'The same value as AUTH_INTERNAL_SECRET of the auth service, which tells of ended sessions.',
    }),
    host: setting('CHAT_HOST', textValue(), { hint: 'Such as 127.0.0.1.', fallback: '127.0.0.1' }),
    port: setting('CHAT_PORT', portValue(), { hint: 'Such as 8000.', fallback: '8000' }),
    trustedProxies: setting('CHAT_TRUSTED_PROXIES', integerValue({ min: 0, max: 10 }), {
      hint: 'How many proxies of yours stand in front.',
      fallback: '0',
    }),
  })
}
