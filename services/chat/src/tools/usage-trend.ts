import { questionTool } from './tool.ts'
import { rowsLine, shown } from './tool-summary.ts'

/** Cost and calls over time buckets. */
export const usageTrend = questionTool({
  name: 'usage_trend',
  question: 'trend',
  description:
    'Cost and calls over time buckets (`bucket`: minute, hour, day, week, month; chosen for you when absent), with the ' +
    'peak, the mean and the largest rise between neighbouring buckets. Use it for "why did it jump" and for traffic.',
  summarise(answer) {
    const peak = shown(answer, 'peak-cost')
    return peak ? `${rowsLine(answer)}, peak ${peak}` : rowsLine(answer)
  },
})
