import { type Json, normaliseJson } from '@apex/protocol/text'
import type { RunContext, RunEventInput, StepContext } from './run-context.ts'

/** Runs one durable step whose result is plain data; what is not JSON in it (an undefined field) is left out. */
export async function durableStep<Result>(
  context: RunContext,
  stepId: string,
  body: (step: StepContext) => Promise<{ result: Result; events: readonly RunEventInput[] }>,
): Promise<Result> {
  const result = await context.step<Json>(stepId, async (step) => {
    const outcome = await body(step)
    return { result: normaliseJson(outcome.result), events: outcome.events }
  })
  return result as Result
}
