import { questionTool } from './tool.ts'
import { rowsLine, shown } from './tool-summary.ts'

/** Several levers counted together on the same calls. */
export const savingsPlan = questionTool({
  name: 'savings_plan',
  question: 'savings_plan',
  description:
    'The joint counterfactual of all levers on the same calls: what each saves alone, what they save together (never the ' +
    'sum) and how much of it overlaps. `goal` is a share of the cost such as 0.3; `keepModels` leaves model changes out; ' +
    '`keepLatency` leaves out what makes calls slower, such as batch.',
  summarise(answer) {
    const saving = shown(answer, 'joint-saving')
    return saving ? `${saving} together` : rowsLine(answer)
  },
})
