import { questionTool } from './tool.ts'
import { findingsLine } from './tool-summary.ts'

/** What could wait for a batch, at the batch rate. */
export const batchEligibility = questionTool({
  name: 'batch_eligibility',
  question: 'batch_eligibility',
  description:
    'What calls cost at the batch rate of their provider, as an upper bound: only calls nobody waits for can move. With ' +
    '`by` (such as service or feature) it shows the groups that could move; with `goal`, the share that would have to.',
  summarise: findingsLine,
})
