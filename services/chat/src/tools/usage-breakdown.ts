import { questionTool } from './tool.ts'
import { rowsLine } from './tool-summary.ts'

/** Cost, calls and tokens by one dimension. */
export const usageBreakdown = questionTool({
  name: 'usage_breakdown',
  question: 'breakdown',
  description:
    'Cost, calls and tokens by one dimension (`by`: provider, model, service, feature, user, conversation, project, ' +
    'environment, status, error_class, import), largest first, the rest as "other". An empty value means "not given".',
  summarise: rowsLine,
})
