import type { ImportRecord } from '@apex/protocol/import'
import { oneLine, type Style } from './style.ts'

const REJECTS_SHOWN = 5

/** What became of a file, for a person: counts, the first rejects with their reasons, calls without a price. */
export function importSummary(
  facts: { record: ImportRecord; rejectsFile: string | null; unpricedModels: readonly string[]; name: string },
  style: Style,
): string {
  const { name, record, rejectsFile, unpricedModels } = facts
  const { accepted, duplicates, rejected, unpriced } = record
  const lines = [
    `${style.bold(oneLine(name))} (${record.format}): ${style.green(`${count(accepted)} ${calls(accepted)} accepted`)}, ` +
      `${count(rejected)} rejected, ${count(duplicates)} known already`,
  ]
  if (rejected > 0) {
    for (const { line, reason } of record.rejects.slice(0, REJECTS_SHOWN))
      lines.push(`  line ${line}: ${oneLine(reason)}`)
    lines.push(`  all ${count(rejected)} rejected lines with their reasons: ${rejectsFile}`)
  }
  if (unpriced > 0) {
    const models = unpricedModels.length === 0 ? '' : `: ${unpricedModels.map(oneLine).join(', ')}`
    lines.push(
      style.yellow(`  ${count(unpriced)} ${calls(unpriced)} without a known price${models}`),
      '  They are kept and counted, and no cost is made up for them. Name their model with --model if the file does not.',
    )
  }
  return lines.join('\n')
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function calls(value: number): string {
  return value === 1 ? 'call' : 'calls'
}
