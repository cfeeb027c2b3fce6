import { questionTool } from './tool.ts'
import { findingsLine } from './tool-summary.ts'

/** What the same tokens cost on another model. */
export const modelPriceComparison = questionTool({
  name: 'model_price_comparison',
  question: 'model_swap',
  description:
    'Prices the same tokens of model `from` on other models of the price book, or on `to` alone. With `goal` (a share of ' +
    'the total cost such as 0.3) it also says which share of the traffic would have to move. It knows prices, not ' +
    'quality: `pairs-needed` is how many judged pairs would settle the quality question.',
  summarise: findingsLine,
})
