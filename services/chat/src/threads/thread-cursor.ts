import { AppError } from '@apex/kit/app-error'

/** Where a page of the thread list ended. */
export type ThreadCursor = { updatedAt: string; id: string }

const TIME = /^\d{4}-\d{2}-\d{2} [\d:.]{8,15}\+00$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function encodeCursor({ updatedAt, id }: ThreadCursor): string {
  return Buffer.from(`${updatedAt}|${id}`).toString('base64url')
}

/** Throws an `invalid_request` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): ThreadCursor {
  const [updatedAt = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('|')
  if (!TIME.test(updatedAt) || !UUID.test(id)) {
    throw new AppError('invalid_request', 'The cursor is not one that this list has given. Start again without it.')
  }
  return { updatedAt, id }
}
