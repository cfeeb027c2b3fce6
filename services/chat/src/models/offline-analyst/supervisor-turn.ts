import { SupervisorInput } from '../../agents/supervisor.ts'
import type { Reply, Seen } from './brief-reader.ts'
import { sayList } from './say-time.ts'

const BECAUSE = {
  sufficient: 'The data is sufficient',
  partial: 'The data answers part of it',
  insufficient: 'The data is not sufficient',
  unknown: 'It is not known whether the data is sufficient',
} as const

/** The supervisor by rules: every agent that is allowed works, and it says why. */
export function supervisorTurn({ input }: Seen): Reply {
  const { allowed, sufficiency, triage } = SupervisorInput.parse(input)
  const workers = allowed.filter((agent) => agent !== 'reporter')
  const reason = triage.intents.every((intent) =>
    ['greeting', 'about', 'out_of_scope', 'conversation_cost'].includes(intent),
  )
    ? 'No usage data is needed for this'
    : BECAUSE[sufficiency]
  const summary =
    workers.length === 0
      ? `${reason}, so the reporter answers at once.`
      : `${reason}, so ${sayList(workers)} ${workers.length === 1 ? 'works' : 'work'} before the reporter.`
  return { say: summary, result: { agents: allowed, summary } }
}
