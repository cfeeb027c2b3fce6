import { CLOSE_CODES, closeAction } from '@apex/protocol/close-code'
import { ApiError, UnexpectedResponseError } from './errors.ts'
import type { Loss } from './session-state.ts'

/** What a close code asks for; after 4204 the reason may hold the seconds to wait. */
export function lossOfClose(code: number, reason: string): Loss {
  const seconds = code === CLOSE_CODES.rateLimited ? Number.parseFloat(reason.replace(/^\D+/, '')) : Number.NaN
  return { action: closeAction(code), code, ...(seconds > 0 && { retryAfterMs: seconds * 1000 }) }
}

/** The same for a ticket that was refused or a socket that could not be made. */
export function lossOfError(error: unknown): Loss {
  if (error instanceof UnexpectedResponseError) return lossOfClose(CLOSE_CODES.unsupportedVersion, '')
  if (!(error instanceof ApiError)) return lossOfClose(CLOSE_CODES.dependencyUnavailable, '')
  if (error.status === 401) return lossOfClose(CLOSE_CODES.sessionEnded, '')
  if (error.status === 403) return lossOfClose(CLOSE_CODES.forbidden, '')
  const loss = lossOfClose(CLOSE_CODES.dependencyUnavailable, '')
  return error.retryAfter === undefined ? loss : { ...loss, retryAfterMs: error.retryAfter * 1000 }
}
