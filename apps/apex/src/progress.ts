import type { StartFailure } from './start-error.ts'

export type Step = 'data' | 'web' | 'postgres' | 'clickhouse' | 'services' | 'listener'

export type Ready = {
  url: string
  data: string
  /** Who can sign in, and where the password is; absent when the first account was made by another start. */
  email?: string
  passwordFile?: string
}

/** Tells whoever started the process how it goes. */
export type Progress = {
  starting(step: Step): void
  warning(step: Step, message: string): void
  ready(ready: Ready): void
  stopping(): void
  failed(failure: StartFailure): void
}

export type Output = { out: (text: string) => void; err: (text: string) => void }

/** One JSON object per line on the output, nothing else there. */
export function jsonProgress({ out }: Output): Progress {
  const say = (event: object): void => out(`${JSON.stringify(event)}\n`)
  return {
    starting: (step) => say({ event: 'starting', step }),
    warning: (step, message) => say({ event: 'warning', step, message }),
    ready: (ready) => say({ event: 'ready', ...ready }),
    stopping: () => say({ event: 'stopping' }),
    failed: ({ exitCode, code, message }) => say({ event: 'failed', exitCode, code, message }),
  }
}

const sentences: Record<Step, string> = {
  data: 'Opening the data folder',
  web: 'Building the web pages, once per version',
  postgres: 'Starting PostgreSQL',
  clickhouse: 'Starting ClickHouse',
  services: 'Starting the services',
  listener: 'Opening the port',
}

/** Sentences for a terminal: progress and failure on the error stream, the address on the output. */
export function plainProgress({ out, err }: Output): Progress {
  return {
    starting: (step) => err(`${sentences[step]} …\n`),
    warning: (_step, message) => err(`Warning: ${message}\n`),
    ready: ({ url, data, email, passwordFile }) =>
      out(
        `\nNetra Apex is ready: ${url}\n` +
          (email ? `  Sign in as ${email} with the password in ${passwordFile}\n` : '') +
          `  Data: ${data}   Stop: Ctrl+C\n`,
      ),
    stopping: () => err('Stopping …\n'),
    failed: ({ message }) => err(`netra: ${message}\n`),
  }
}
