import { ClickHouseException } from './clickhouse-exception.ts'

// What hides a semicolon: quoted text with \ or doubled quotes, comments, and $tag$ here-documents.
const opaque =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|--[^\n]*|#[! ][^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/y
// After INSERT ... FORMAT X the rest is data, where a semicolon means nothing.
const insertData = /^\s*insert\b[\s\S]*?\bformat\s+(?!values\b)\w+/i

/** Refuses a text with more than one statement, as ClickHouse's HTTP interface does. */
export function requireSingleStatement(sql: string): void {
  const dataFrom = insertData.exec(sql)?.[0].length ?? sql.length
  for (let at = 0; at < dataFrom; ) {
    opaque.lastIndex = at
    const skipped = opaque.exec(sql)
    if (skipped) {
      at += skipped[0].length
    } else if (sql[at] === ';' && hasMore(sql, at + 1)) {
      throw new ClickHouseException(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed')
    } else {
      at += 1
    }
  }
}

function hasMore(sql: string, from: number): boolean {
  return sql.slice(from).replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]/g, '') !== ''
}

/** The format an INSERT announces for the data that follows it. */
export function insertFormat(sql: string): string | undefined {
  return /^\s*insert\b[\s\S]*\bformat\s+(\w+)\s*;?\s*$/i.exec(sql)?.[1]
}

/** A ClickHouse string literal. */
export function quoteString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`
}

/** A quoted ClickHouse identifier. */
export function quoteIdentifier(text: string): string {
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}
