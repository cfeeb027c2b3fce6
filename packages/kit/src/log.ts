import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { correlationId } from './correlation.ts'
import { redactFields, redactText } from './redact.ts'

type Write = {
  (fields: object, message: string): void
  (message: string): void
}

/** A structured logger; errors go under the field `error`. It is passed in and gains fields as it descends. */
export type Log = {
  trace: Write
  debug: Write
  info: Write
  warn: Write
  error: Write
  fatal: Write
  child(fields: Record<string, unknown>): Log
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

export type LogOptions = {
  service: string
  level?: LogLevel
  /** Where the JSON lines go; standard output by default. */
  destination?: DestinationStream
}

/** JSON lines with time, level, service, the correlation id of the running request, and no credentials. */
export function createLog({ service, level = 'info', destination }: LogOptions): Log {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redactFields },
    hooks: {
      logMethod(args, method) {
        const masked = args.map((each) => (typeof each === 'string' ? redactText(each) : each))
        method.apply(this, masked as typeof args)
      },
    },
    mixin() {
      const id = correlationId()
      return id ? { correlationId: id } : {}
    },
  }
  return wrap(destination ? pino(options, destination) : pino(options))
}

// Fields given to a child bypass the formatter, so they are redacted on the way in.
function wrap(logger: Logger): Log {
  return {
    trace: logger.trace.bind(logger),
    debug: logger.debug.bind(logger),
    info: logger.info.bind(logger),
    warn: logger.warn.bind(logger),
    error: logger.error.bind(logger),
    fatal: logger.fatal.bind(logger),
    child: (fields) => wrap(logger.child(redactFields(fields))),
  }
}
