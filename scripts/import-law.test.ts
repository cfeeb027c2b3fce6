import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** One planted file per rule, each breaking that rule in the way it would really be broken. */
const VIOLATIONS: Record<string, Record<string, string>> = {
  'protocol-is-data': { 'packages/protocol/src/a.ts': "export { readFile } from 'node:fs/promises'" },
  'client-runs-anywhere': { 'packages/client/src/a.ts': "import type { B } from '@apex/kit/b'\nexport type A = B" },
  'kit-has-no-product': { 'packages/kit/src/a.ts': "export { c } from '@apex/client/c'" },
  'services-are-strangers': {
    'services/auth/src/a.ts': "import type { D } from '../../chat/src/d.ts'\nexport type A = D",
  },
  'nothing-imports-apps': { 'services/auth/src/b.ts': "export { e } from '../../../apps/cli/src/e.ts'" },
  'apps-are-strangers': { 'apps/web/src/a.ts': "export { e } from '../../cli/src/e.ts'" },
  'faces-know-no-server': { 'apps/cli/src/a.ts': "import type { B } from '@apex/kit/b'\nexport type A = B" },
  'apex-enters-by-the-door': { 'apps/apex/src/a.ts': "export { d } from '@apex/chat/d'" },
  'testing-stays-in-tests': { 'services/chat/src/runs/a.ts': "export { t } from '@apex/kit/testing/t'" },
  'stores-stay-home': { 'services/chat/src/http/a.ts': "export { s } from '../threads/s-store.ts'" },
  'adapters-know-no-rooms': { 'services/chat/src/models/a.ts': "export { r } from '../runs/r.ts'" },
  'threads-look-down': { 'services/chat/src/threads/a.ts': "export { h } from '../http/h.ts'" },
  'runs-look-down': { 'services/chat/src/runs/b.ts': "export { h } from '../http/h.ts'" },
  'agents-look-down': { 'services/chat/src/agents/a.ts': "export { r } from '../runs/r.ts'" },
  'tools-look-down': { 'services/chat/src/tools/a.ts': "export { r } from '../agents/r.ts'" },
  'no-cycles': {
    'packages/kit/src/x.ts': "import { y } from './y.ts'\nexport const x = () => y",
    'packages/kit/src/y.ts': "import { x } from './x.ts'\nexport const y = () => x",
  },
  'every-import-resolves': { 'packages/kit/src/z.ts': "export { nothing } from './is-not-there.ts'" },
}

/** What the violations reach for. */
const TARGETS: Record<string, string> = {
  'packages/kit/src/b.ts': 'export type B = 1',
  'packages/kit/src/testing/t.ts': 'export const t = 1',
  'packages/client/src/c.ts': 'export const c = 1',
  'services/chat/src/d.ts': 'export type D = 1\nexport const d = 1',
  'services/chat/src/http/h.ts': 'export const h = 1',
  'services/chat/src/runs/r.ts': 'export const r = 1',
  'services/chat/src/agents/r.ts': 'export const r = 1',
  'services/chat/src/threads/s-store.ts': 'export const s = 1',
  'apps/cli/src/e.ts': 'export const e = 1',
}

const WORKSPACES = { protocol: 'packages', client: 'packages', kit: 'packages', auth: 'services', chat: 'services' }

async function plant(directory: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), `${text}\n`)
  }
}

async function layOutTree(directory: string): Promise<void> {
  await plant(directory, { 'package.json': '{"type":"module"}', ...TARGETS })
  for (const [name, parent] of Object.entries(WORKSPACES)) {
    const manifest = JSON.stringify({ name: `@apex/${name}`, type: 'module', exports: { './*': './src/*.ts' } })
    await plant(directory, { [`${parent}/${name}/package.json`]: manifest })
    await mkdir(join(directory, 'node_modules/@apex'), { recursive: true })
    await symlink(join(directory, parent, name), join(directory, 'node_modules/@apex', name))
  }
}

async function cruise(directory: string): Promise<{ rules: string[]; modules: number }> {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const config = join(root, '.dependency-cruiser.mjs')
  const command = [cruiser, 'packages', 'services', 'apps', '--config', config, '--output-type', 'json']
  const ran = await promisify(execFile)(process.execPath, command, { cwd: directory, maxBuffer: 1 << 26 }).catch(
    (error: { stdout: string }) => error,
  )
  const { summary } = JSON.parse(ran.stdout) as {
    summary: { violations: { rule: { name: string } }[]; totalCruised: number }
  }
  return {
    rules: [...new Set(summary.violations.map((violation) => violation.rule.name))],
    modules: summary.totalCruised,
  }
}

describe('the import law', () => {
  let clean = ''
  let dirty = ''
  beforeAll(async () => {
    clean = await mkdtemp(join(tmpdir(), 'apex-law-'))
    dirty = await mkdtemp(join(tmpdir(), 'apex-law-'))
    await Promise.all([layOutTree(clean), layOutTree(dirty)])
    for (const files of Object.values(VIOLATIONS)) await plant(dirty, files)
  })
  afterAll(() => Promise.all([clean, dirty].map((directory) => rm(directory, { recursive: true }))))

  test('passes a clean tree that it really looked at', async () => {
    const { rules, modules } = await cruise(clean)

    expect(modules).toBeGreaterThanOrEqual(Object.keys(TARGETS).length)
    expect(rules).toEqual([])
  })

  test('catches one planted violation per rule', async () => {
    const { rules } = await cruise(dirty)

    expect(rules.toSorted()).toEqual(Object.keys(VIOLATIONS).toSorted())
  })

  test('has a planted violation for every rule it knows', async () => {
    const law = (await import(join(root, '.dependency-cruiser.mjs'))) as { default: { forbidden: { name: string }[] } }

    expect(Object.keys(VIOLATIONS).toSorted()).toEqual(law.default.forbidden.map((rule) => rule.name).toSorted())
  })
})
