import { z } from 'zod'
import { CHECK_FIGURES } from '../../agents/validation.ts'
import type { Reply, Seen } from './brief-reader.ts'

const Checked = z.object({ withdrawn: z.number(), unanswered: z.number(), newerData: z.boolean() })

/** Validation by rules: says what asking every figure again has shown. */
export function validationTurn({ results }: Seen): Reply {
  const seen = results.find(({ tool }) => tool === CHECK_FIGURES)
  const checked = Checked.safeParse(seen?.result)
  return { say: 'Comparing every figure with what the data gives now.', result: { summary: summaryOf(checked.data) } }
}

function summaryOf(checked: z.output<typeof Checked> | undefined): string {
  if (!checked) return 'The figures could not be asked again.'
  if (checked.withdrawn > 0) return 'Some figures did not come out the same and are withdrawn.'
  if (checked.unanswered > 0) return 'Some figures could not be asked again; the rest came out the same.'
  if (checked.newerData) return 'Newer data had arrived; the figures were taken from it.'
  return 'Every figure came out the same when asked again.'
}
