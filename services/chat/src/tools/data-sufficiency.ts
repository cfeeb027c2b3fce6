import { questionTool } from './tool.ts'
import { shown } from './tool-summary.ts'

/** Is there enough data for the question, of which kind, and what is missing? */
export const dataSufficiency = questionTool({
  name: 'data_sufficiency',
  question: 'data_sufficiency',
  description:
    'Says whether the usage data of the organisation is sufficient, partial or insufficient for cost questions, which ' +
    'time range it covers, which dimensions are named, and what is missing with the exact way to supply it. ' +
    'Leave `scope` empty for all data; add a time range or a filter to test a narrower question.',
  summarise(answer) {
    const state = answer.sufficiency ?? 'unknown'
    const calls = shown(answer, 'calls')
    const gaps = answer.gaps.length === 0 ? '' : `, missing: ${answer.gaps.map((gap) => gap.code).join(', ')}`
    return `${state}${calls ? `, ${calls}` : ''}${gaps}`
  },
})
