import { isOffline } from '../models/language-model.ts'
import { createOfflineAnalyst } from '../models/offline-analyst/offline-analyst.ts'
import type { AgentDefinition } from './agent.ts'
import { type AgentEnd, type AgentLoopOptions, runAgent } from './agent-loop.ts'
import type { Invocation } from './invocation.ts'
import type { RunDesk } from './run-desk.ts'

/** Runs agents under the supervisor's invocation, and replaces a model that fails. */
export class Conductor {
  readonly desk: RunDesk
  readonly supervisor: Invocation

  constructor(desk: RunDesk, supervisor: Invocation) {
    this.desk = desk
    this.supervisor = supervisor
  }

  /** Runs an agent; when its model fails, the offline analyst does the same work in a second invocation. */
  async run<Input, Output>(
    definition: AgentDefinition<Input, Output>,
    input: Input,
    options: Pick<AgentLoopOptions, 'extraTools'> = {},
  ): Promise<AgentEnd<Output>> {
    const end = await this.#once(definition, input, options)
    if (end.outcome === 'completed' || isOffline(this.desk.model)) return end
    this.takeOver()
    return await this.#once(definition, input, options)
  }

  /** Puts the offline analyst in the place of a model that failed, for the rest of the run; the report says so. */
  takeOver(): void {
    const { desk } = this
    desk.addUnknown(
      `The model ${desk.model.modelId} did not finish its part; the rule-based offline analyst took over from there.`,
    )
    // What the failed call cost is not known.
    desk.addCost(null)
    desk.model = createOfflineAnalyst()
  }

  async #once<Input, Output>(
    definition: AgentDefinition<Input, Output>,
    input: Input,
    options: Pick<AgentLoopOptions, 'extraTools'>,
  ): Promise<AgentEnd<Output>> {
    const invocation = this.desk.invoke(definition, this.supervisor.id)
    return await runAgent(this.desk, definition, input, { ...options, invocation })
  }
}
