import type { Claim } from '@apex/protocol/claim'
import { normaliseJson } from '@apex/protocol/text'
import { z } from 'zod'
import { recheckFigures } from '../evidence/recheck-figures.ts'
import type { Tool } from './tool.ts'

/** The tool of validation: asks the question of every given claim again and compares the figures exactly. */
export function createCheckFigures(claims: readonly Claim[]): Tool {
  return {
    name: 'check_figures',
    description:
      'Asks the question behind every figure again and compares value, unit and display exactly. Takes no arguments.',
    input: z.object({}),
    async run(_input, { analytics, signal }) {
      const recheck = await recheckFigures(claims, analytics, signal)
      const told = {
        checked: recheck.checked,
        withdrawn: recheck.mismatches.length,
        unanswered: recheck.unreachable.length,
        newerData: recheck.refreshed.length > 0,
      }
      return { summary: summaryOf(recheck), rowCount: recheck.checked, told, data: normaliseJson(recheck) }
    },
  }
}

function summaryOf(recheck: Awaited<ReturnType<typeof recheckFigures>>): string {
  const { checked, mismatches, refreshed, unreachable } = recheck
  const parts = [`${checked} figures asked again`]
  if (mismatches.length > 0) parts.push(`${mismatches.length} withdrawn`)
  if (unreachable.length > 0) parts.push(`${unreachable.length} without an answer`)
  if (refreshed.length > 0) parts.push('newer data taken')
  if (parts.length === 1) parts.push('all equal')
  return parts.join(', ')
}
