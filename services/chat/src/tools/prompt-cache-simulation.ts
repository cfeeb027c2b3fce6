import { questionTool } from './tool.ts'
import { findingsLine } from './tool-summary.ts'

/** Prompt caching replayed on the own calls. */
export const promptCacheSimulation = questionTool({
  name: 'prompt_cache_simulation',
  question: 'cache_simulation',
  description:
    'Replays prompt caching on the own arrival times and prefix hashes under the rules of providers (write price, read ' +
    'price, lifetime, minimum length) and says what the input would have cost. A negative saving is a loss and must be ' +
    'named as one. Without prefix hashes it answers with a gap.',
  summarise: findingsLine,
})
