import { NotFoundError } from '@apex/kit/app-error'
import type { Run } from '@apex/protocol/run'
import { once } from './command-log.ts'
import type { Journal, UserKey } from './journal.ts'
import type { RunEnding } from './run-ending.ts'
import { runView } from './run-record.ts'
import { findRunOfUser, lockUser } from './run-store.ts'

/** Stops a person's run; one that has ended stays as it ended. Throws NotFoundError and IdempotencyMismatchError. */
export async function stopRun(
  { journal, ending }: { journal: Journal; ending: RunEnding },
  user: UserKey,
  { commandId, runId }: { commandId: string; runId: string },
): Promise<{ run: Run; seq: number }> {
  return journal.commit(async (transaction) => {
    await lockUser(transaction.sql, user)
    return once(transaction.sql, user, { id: commandId, kind: 'stop_run', request: { runId } }, async () => {
      const run = await findRunOfUser(transaction.sql, user, runId)
      if (!run || !(await transaction.lock(run))) throw new NotFoundError('run')
      const { seq } = await ending.end(transaction, run, { outcome: 'stopped', reason: 'You stopped it.' })
      const stopped = await findRunOfUser(transaction.sql, user, runId)
      return { run: runView(stopped ?? run), seq }
    })
  })
}
