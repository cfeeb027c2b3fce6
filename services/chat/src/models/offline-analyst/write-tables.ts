import type { Dossier } from '../../agents/reporter.ts'
import { groupName, quote, type ReadableEvidence } from './read-evidence.ts'

const ROWS_SHOWN = 8

/** The breakdowns as tables of figures, each row one group. */
export function writeTables({ evidence, triage }: Dossier): string[] {
  const breakdowns = evidence.filter((entry) => entry.question === 'breakdown' && isWanted(entry, triage.scope))
  const tables = breakdowns.map(writeBreakdown).filter((table) => table !== '')
  return [...tables, ...byTokenClass(evidence.find(({ question }) => question === 'overview'))]
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
  const by = String(entry.params['by']).replace('_', ' ')
  const groups = entry.rows.map((row) => groupName(entry, row))
  if (groups.every((name) => name === '')) return ''
  const rows = groups.slice(0, ROWS_SHOWN).flatMap((name) => {
    const key = keyOf(entry, name)
    const cells = ['calls', 'cost', 'share', 'cost-per-call'].map(
      (prefix) => quote(entry, `${prefix}:${key}`) ?? 'unknown',
    )
    return cells.every((cell) => cell === 'unknown')
      ? []
      : [`| ${name === '' ? 'not given' : name.replaceAll('|', '/')} | ${cells.join(' | ')} |`]
  })
  if (rows.length === 0) return ''
  const head = `| ${capital(by)} | Calls | Cost | Share | Cost per call |\n| --- | ---: | ---: | ---: | ---: |`
  return `${head}\n${rows.join('\n')}`
}

/** The key under which a group's figures stand, `none` when it has no name; names that a key cannot hold are matched by their letters and digits. */
function keyOf(entry: ReadableEvidence, name: string): string {
  if (name === '') return 'none'
  if (quote(entry, `cost:${name}`) || quote(entry, `calls:${name}`)) return name
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  const found = entry.figures.find(
    ({ key }) => /^(?:cost|calls):/.test(key) && plain(key.slice(key.indexOf(':'))) === plain(name),
  )
  return found?.key.slice(found.key.indexOf(':') + 1) ?? name
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
