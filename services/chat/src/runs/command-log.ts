import type { Json } from '@apex/protocol/text'
import type { TransactionSql } from 'postgres'
import { IdempotencyMismatchError } from '../errors.ts'
import { deleteCommandsOfThread, findCommand, insertCommand } from './command-store.ts'
import type { UserKey } from './journal.ts'
import { requestHash } from './request-hash.ts'

/** A request that its client may repeat under one id. */
export type Command = { id: string; kind: string; request: unknown }

/**
 * Does `work` once per command id and gives a repeat the same answer, in the caller's transaction. The caller holds the
 * person's lock, so two requests with one id follow one another. Another request under the id is refused.
 */
export async function once<T>(
  sql: TransactionSql,
  user: UserKey,
  command: Command,
  work: () => Promise<T>,
): Promise<T> {
  const hash = requestHash(command.kind, command.request)
  const earlier = await findCommand(sql, user, command.id)
  if (earlier && !earlier.requestHash.equals(hash)) throw new IdempotencyMismatchError(command.id)
  if (earlier) return earlier.outcome as T
  const outcome = await work()
  await insertCommand(sql, user, { id: command.id, kind: command.kind, requestHash: hash, outcome: outcome as Json })
  return outcome
}

/** Forgets what commands about a thread that is being erased were answered; a repeat finds no thread. */
export async function forgetCommands(sql: TransactionSql, user: UserKey, threadId: string): Promise<void> {
  await deleteCommandsOfThread(sql, user, threadId)
}
