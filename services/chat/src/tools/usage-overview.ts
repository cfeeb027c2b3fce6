import { questionTool } from './tool.ts'
import { rowsLine, shown } from './tool-summary.ts'

/** Totals of cost, calls and tokens by class. */
export const usageOverview = questionTool({
  name: 'usage_overview',
  question: 'overview',
  description:
    'Totals inside a scope: cost, calls (priced and unpriced), tokens and cost by token class, input and output shares, ' +
    'cost and tokens per call, errors, and the time range. Ask this first for any question about money.',
  summarise(answer) {
    const cost = shown(answer, 'total-cost')
    const calls = shown(answer, 'calls')
    return cost && calls ? `${cost} over ${calls}` : rowsLine(answer)
  },
})
