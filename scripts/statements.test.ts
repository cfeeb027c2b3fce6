import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Statements over rows of organisations that are not bound to one, by function, each with the reason why it may. */
const EXEMPT: Record<string, string> = {
  insertClaims: 'each row names it',
  insertRejects: 'each row names it',
  insertEvents: 'each row names it',
  deleteOldCommands: 'a sweep over all organisations, by age',
  listRunning: 'a sweep over all organisations, which tells whose each is',
  listUsersToPromote: 'a sweep over all organisations, which tells whose each is',
  readUnfinished: 'a sweep over all organisations, which tells whose each is',
  listUnfinishedAmong: 'ids the engine of this node holds, and no content',
  listFinishedAmong: 'ids of runs this process works on, and no content',
  findByToken: 'the hash of a secret finds the organisation',
  membershipsOf: 'a person’s own, in whichever organisation',
  takeTicket: 'the hash of a secret finds the organisation',
  deleteTicket: 'the hash of a secret',
  listOpenTickets: 'a session belongs to one person',
  deleteTicketsOfSession: 'a session belongs to one person',
  deleteExpiredTickets: 'a sweep over all organisations, by age',
}

type Statement = { file: string; name: string; text: string }

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(pattern, { cwd: root })) files.push(file)
  return files.toSorted()
}

/** Tables with a column for the organisation. */
async function tenantTables(): Promise<string[]> {
  const tables: string[] = []
  for (const file of await filesOf('services/*/db/migrations/*.sql')) {
    const text = await readFile(root + file, 'utf8')
    for (const [, name, columns] of text.matchAll(/create table (?:if not exists )?(\w+) \(([\s\S]*?)\n\);/g)) {
      if (name && columns && /\borganization_id\b/.test(columns)) tables.push(name)
    }
  }
  return tables
}

/** The outermost SQL templates of a file; what is nested in one belongs to it. */
function statementsOf(file: string, text: string): Statement[] {
  const statements: Statement[] = []
  const visit = (node: ts.Node, name: string): void => {
    const named = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node.name?.getText() : undefined
    if (ts.isTaggedTemplateExpression(node)) statements.push({ file, name, text: node.getText() })
    else ts.forEachChild(node, (child) => visit(child, named ?? name))
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), '')
  return statements
}

/** Those that touch such a table and neither insert the organisation nor compare it. */
function unbound(statements: readonly Statement[], tables: readonly string[]): Statement[] {
  const touches = new RegExp(`\\b(?:from|join|into|update)\\s+(?:${tables.join('|')})\\b`)
  const binds = /\borganization_id\s*=|insert into \w+(?: as \w+)? \([^)]*\borganization_id\b/
  return statements.filter(({ text }) => touches.test(text) && !binds.test(text))
}

/** Every statement of the shipped services. */
async function shippedStatements(): Promise<Statement[]> {
  const statements: Statement[] = []
  for (const file of await filesOf('services/*/src/**/*.ts')) {
    if (/\.test\.ts$|\/testing\//.test(file)) continue
    statements.push(...statementsOf(file, await readFile(root + file, 'utf8')))
  }
  return statements
}

describe('statements over rows of organisations', async () => {
  const tables = await tenantTables()
  const statements = await shippedStatements()

  test('name the organisation, or are exempt with a reason', () => {
    const found = unbound(statements, tables).filter(({ name }) => !(name in EXEMPT))

    expect(found.map(({ file, name }) => `${file} ${name}`)).toEqual([])
  })

  test('are found, and one that names none is noticed', () => {
    expect(tables).toEqual(expect.arrayContaining(['thread', 'run', 'message', 'import', 'members', 'claim']))
    expect(statements.length).toBeGreaterThan(100)
    const planted = 'async function find() { return sql`select id from run where id = ${id}` }'
    expect(unbound(statementsOf('planted.ts', planted), tables)).toMatchObject([{ name: 'find' }])
  })

  test('are exempt only where that is needed', () => {
    const needed = new Set(unbound(statements, tables).map(({ name }) => name))

    expect(Object.keys(EXEMPT).filter((name) => !needed.has(name))).toEqual([])
  })
})

describe("a thread's log", async () => {
  const writes = /\b(?:insert into|update|delete from) (?:thread_event|message|report)\b/
  const writers = (await shippedStatements()).filter(({ text }) => writes.test(text))

  test('is written in the room of threads and nowhere else', () => {
    expect(writers.map(({ name }) => name)).toEqual(expect.arrayContaining(['insertEvents', 'insertMessage']))
    expect(writers.filter(({ file }) => !file.startsWith('services/chat/src/threads/'))).toEqual([])
  })

  test('is only added to, until its thread is erased', () => {
    const others = writers.filter(({ text }) => /thread_event/.test(text) && !/\binsert into thread_event\b/.test(text))

    expect(others.map(({ name }) => name)).toEqual(['eraseThread'])
  })
})
