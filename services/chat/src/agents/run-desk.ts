import type { Clock } from '@apex/kit/clock'
import type { Log } from '@apex/kit/log'
import type { AgentName } from '@apex/protocol/agent'
import { ClaimBook } from '../evidence/claim-book.ts'
import type { GateRules } from '../evidence/figure-gate.ts'
import { identifiersIn } from '../evidence/identifiers-in.ts'
import { quantitiesOf } from '../evidence/quoted-quantity.ts'
import type { LanguageModel } from '../models/language-model.ts'
import type { AnalyticsPort } from '../tools/analytics-port.ts'
import { createInvocation, type Invocation } from './invocation.ts'
import type { RunContext } from './run-context.ts'

/** What a run's agents are given from outside. */
export type ConductorDeps = { analytics: AnalyticsPort; model: LanguageModel; log: Log; clock: Clock }

/**
 * What the agents of one run share: the evidence gathered so far, the model that answers now, and what its calls cost.
 * It is rebuilt by every replay from the results of the same steps.
 */
export class RunDesk {
  readonly context: RunContext
  readonly analytics: AnalyticsPort
  readonly log: Log
  readonly clock: Clock
  readonly book = new ClaimBook()
  /** What the run could not find out, one sentence each. */
  readonly unknowns: string[] = []
  model: LanguageModel
  /** Sum of the model calls in USD, null once one of them has no known rate. */
  #costsUsd: (string | null)[] = []
  #invocations = 0

  constructor(context: RunContext, deps: ConductorDeps) {
    this.context = context
    this.analytics = deps.analytics
    this.model = deps.model
    this.clock = deps.clock
    this.log = deps.log.child({ runId: context.facts.runId })
  }

  /** The next invocation of an agent. */
  invoke(agent: { name: AgentName; purpose: string }, parentId?: string): Invocation {
    this.#invocations += 1
    return createInvocation(this.context.facts.runId, this.#invocations, agent, parentId)
  }

  /** What may stand in a text now: claims not withdrawn, the person's own quantities, names known from the data. */
  gateRules(): GateRules {
    const { question, history } = this.context.facts
    const said = [...history.filter(({ author }) => author === 'user').map(({ text }) => text), question].join('\n')
    return {
      claim: (id) => this.book.claim(id),
      quoted: quantitiesOf(question),
      identifiers: new Set([...this.book.identifiers(), ...identifiersIn(said)]),
    }
  }

  addUnknown(sentence: string): void {
    if (!this.unknowns.includes(sentence)) this.unknowns.push(sentence)
  }

  addCost(costUsd: string | null): void {
    this.#costsUsd.push(costUsd)
  }

  costUsd(): string | null {
    if (this.#costsUsd.includes(null)) return null
    return sumDecimals(this.#costsUsd.filter((cost) => cost !== null))
  }
}

/** Adds non-negative decimals exactly. */
function sumDecimals(values: readonly string[]): string {
  const places = Math.max(0, ...values.map((value) => value.split('.')[1]?.length ?? 0))
  const total = values.reduce((sum, value) => {
    const [whole = '0', fraction = ''] = value.split('.')
    return sum + BigInt(whole + fraction.padEnd(places, '0'))
  }, 0n)
  const digits = total.toString().padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}
