import type { DataVersion } from '@apex/protocol/data-version'
import type { BatchKind, Change } from '../versions/batches.ts'

export type Changed = { changes: readonly Change[]; before: DataVersion; now: DataVersion }

const NOUNS: Record<BatchKind, [one: string, many: string]> = {
  import: ['import', 'imports'],
  calls: ['batch of calls', 'batches of calls'],
  sample: ['set of sample data', 'sets of sample data'],
}

/** What happened to the data and the prices between two versions, a sentence each. */
export function describeChanges({ changes, before, now }: Changed): string[] {
  const sentences: string[] = []
  for (const effect of ['added', 'retracted'] as const) {
    for (const kind of Object.keys(NOUNS) as BatchKind[]) {
      const some = changes.filter((each) => each.effect === effect && each.kind === kind)
      if (some.length > 0) sentences.push(sentenceOf(kind, effect, some))
    }
  }
  if (before.priceVersion !== now.priceVersion) {
    sentences.push(`The price book changed from ${before.priceVersion} to ${now.priceVersion}.`)
  }
  return sentences
}

function sentenceOf(kind: BatchKind, effect: Change['effect'], some: readonly Change[]): string {
  const [one, many] = NOUNS[kind]
  const calls = some.reduce((sum, each) => sum + each.calls, 0)
  const was = some.length === 1 ? 'was' : 'were'
  const what = effect === 'added' ? 'added' : 'taken back'
  return `${count(some.length)} ${some.length === 1 ? one : many} with ${count(calls)} ${calls === 1 ? 'call' : 'calls'} ${was} ${what} since.`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
