import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AppError } from '@apex/kit/app-error'
import { problemOf } from '@apex/kit/http/problem'
import { v7 as uuidv7 } from 'uuid'

/** Answers an upgrade request with a problem and ends the connection. */
export function refuseUpgrade(socket: Duplex, error: AppError): void {
  const problem = problemOf(error, uuidv7())
  const body = JSON.stringify(problem)
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Refused'}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    ...(problem.retryAfter === undefined ? [] : [`retry-after: ${problem.retryAfter}`]),
    ...(problem.status === 401 ? ['www-authenticate: Bearer'] : []),
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
