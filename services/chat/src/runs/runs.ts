import { NotFoundError } from '@apex/kit/app-error'
import type { Run } from '@apex/protocol/run'
import type { ISql, TransactionSql } from 'postgres'
import type { JournalTransaction, ThreadKey, UserKey } from './journal.ts'
import type { RunEnding } from './run-ending.ts'
import { runView } from './run-record.ts'
import { findRunOfUser, listRunsOfThread, listUnfinishedInThread, lockUser } from './run-store.ts'

/** One run of a person; another's is not found. */
export async function findRun(sql: ISql, user: UserKey, runId: string): Promise<Run> {
  const run = await findRunOfUser(sql, user, runId)
  if (!run) throw new NotFoundError('run')
  return runView(run)
}

/** A person's runs in a thread, oldest first. */
export async function listRuns(sql: ISql, user: UserKey, threadId: string): Promise<Run[]> {
  return (await listRunsOfThread(sql, user, threadId)).map(runView)
}

/** Takes the lock under which a person's commands follow one another; the first in the order of locks. */
export async function lockPerson(sql: TransactionSql, user: UserKey): Promise<void> {
  await lockUser(sql, user)
}

/** Stops everything unfinished in a thread, newest first so that no waiting run is started in between. */
export async function stopAllInThread(
  journal: JournalTransaction,
  ending: RunEnding,
  { organizationId, threadId }: ThreadKey,
): Promise<void> {
  const unfinished = await listUnfinishedInThread(journal.sql, organizationId, threadId)
  for (const run of unfinished.reverse())
    await ending.end(journal, run, { outcome: 'stopped', reason: 'The conversation was deleted.' })
}
