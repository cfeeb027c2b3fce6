import { createLog, type Log, type LogLevel } from '../log.ts'

export type LogLine = { level: string; msg: string; [field: string]: unknown }

/** A real log whose lines are kept for a test to read. */
export function captureLog(level: LogLevel = 'trace'): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) }
  return { log: createLog({ service: 'test', level, destination }), lines }
}
