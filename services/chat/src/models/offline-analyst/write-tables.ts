import type { Dossier } from '../../agents/reporter.ts'
import {
  answerTo,
  groupKey,
  groupLabel,
  groupName,
  named,
  param,
  quote,
  type ReadableEvidence,
} from './read-evidence.ts'

const ROWS_SHOWN = 8

/** The breakdowns as tables of figures, each row one group. */
export function writeTables({ evidence, triage }: Dossier): string[] {
  const breakdowns = evidence.filter((entry) => entry.question === 'breakdown' && isWanted(entry, triage.scope))
  const tables = breakdowns.map(writeBreakdown).filter((table) => table !== '')
  const isAboutMoney = triage.intents.some((intent) => intent === 'where_money' || intent === 'cut_cost')
  return isAboutMoney ? [...tables, ...byTokenClass(answerTo(evidence, 'overview'))] : tables
}

/** Every cache rule with what the input would have cost under it. */
export function writeCacheTable({ evidence }: Dossier): string[] {
  const simulation = answerTo(evidence, 'cache_simulation')
  const rows = named(simulation, 'input-cost').map(({ name, id }) => {
    const cells = ['ratio', 'hindsight-ratio'].map((prefix) => quote(simulation, `${prefix}:${name}`) ?? 'unknown')
    return `| ${name} | {{${id}}} | ${cells.join(' | ')} |`
  })
  if (rows.length === 0) return []
  const repeated = quote(simulation, 'reuse-infinite')
  const soon = quote(simulation, 'reuse-5m')
  return [
    ...(repeated && soon
      ? [
          `Of the input tokens, ${repeated} repeat a prefix that was sent before, and ${soon} one that was sent within the five-minute life.`,
        ]
      : []),
    `| Rule, every whole block written | Input cost | Against now | With hindsight |\n| --- | ---: | ---: | ---: |\n${rows.join('\n')}`,
  ]
}

/** Models that could take the same tokens, in the order of analytics: the nearest in size first. */
export function writeModelTable({ evidence, triage }: Dossier): string[] {
  const swap = answerTo(evidence, 'model_swap')
  const rows = named(swap, 'swap-cost').map(({ name, id }) => {
    const cells = ['saving', 'saving-of-total'].map((prefix) => quote(swap, `${prefix}:${name}`) ?? 'unknown')
    const toMove = triage.goal ? [quote(swap, `goal-share:${name}`) ?? 'out of reach'] : []
    return `| ${name} | {{${id}}} | ${[...cells, ...toMove].join(' | ')} |`
  })
  if (rows.length < 2) return []
  const head = ['The same tokens on', 'Cost', 'Saves', 'Of all cost', ...(triage.goal ? ['To move for the goal'] : [])]
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return [`| ${head.join(' | ')} |\n| ${rule.join(' | ')} |\n${rows.join('\n')}`]
}

/** Lookups of names and single buckets are not tables of their own; their params differ from the question's scope. */
function isWanted({ params, rows, figures }: ReadableEvidence, scope: Dossier['triage']['scope']): boolean {
  const asked = (params['scope'] ?? {}) as Dossier['triage']['scope']
  const sameTime = time(asked.from) === time(scope.from) && time(asked.to) === time(scope.to)
  const sameFilter = JSON.stringify(asked.filter ?? {}) === JSON.stringify(scope.filter ?? {})
  return sameTime && sameFilter && params['limit'] !== 50 && rows.length > 0 && figures.length > 0
}

function time(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : Date.parse(instant)
}

function writeBreakdown(entry: ReadableEvidence): string {
  const by = param(entry, 'by').replace('_', ' ')
  if (entry.rows.every((row) => groupName(entry, row) === '')) return ''
  const rows = entry.rows.slice(0, ROWS_SHOWN).flatMap((row) => {
    const name = groupName(entry, row)
    const key = groupKey(entry, row)
    const cells = ['calls', 'cost', 'share', 'cost-per-call'].map(
      (prefix) => quote(entry, `${prefix}:${key}`) ?? 'unknown',
    )
    const shown = groupLabel(entry, name)
    return cells.every((cell) => cell === 'unknown') ? [] : [`| ${shown} | ${cells.join(' | ')} |`]
  })
  if (rows.length === 0) return ''
  const head = `| ${capital(by)} | Calls | Cost | Share | Cost per call |\n| --- | ---: | ---: | ---: | ---: |`
  return `${head}\n${rows.join('\n')}`
}

const CLASSES: [string, string][] = [
  ['input_uncached', 'Input, uncached'],
  ['cache_read', 'Cache read'],
  ['cache_write_5m', 'Cache write, short life'],
  ['cache_write_1h', 'Cache write, long life'],
  ['output_text', 'Output, text'],
  ['output_reasoning', 'Output, reasoning'],
]

function byTokenClass(overview: ReadableEvidence | undefined): string[] {
  const rows = CLASSES.flatMap(([name, label]) => {
    const [tokens, cost] = [quote(overview, `class-tokens:${name}`), quote(overview, `class-cost:${name}`)]
    const amount = overview?.figures.find(({ key }) => key === `class-tokens:${name}`)?.value
    return tokens && Number(amount) > 0 ? [`| ${label} | ${tokens} | ${cost ?? 'unknown'} |`] : []
  })
  return rows.length === 0 ? [] : [`| Token class | Tokens | Cost |\n| --- | ---: | ---: |\n${rows.join('\n')}`]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
