import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Netra } from '../testing/run-netra.ts'
import { CATEGORIES } from './categories.ts'
import { countScript, countVitest } from './count.ts'
import { ROOT, runCategory } from './run-category.ts'

/** A checkout of its own with these test files, on the dependencies of this one. */
async function checkout(files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'netra-test-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  await writeFile(join(root, 'package.json'), '{"type": "module"}')
  const project = `{ test: { name: 'unit', include: ['**/*.test.ts'], cacheDir: '.cache' } }`
  await writeFile(join(root, 'vitest.config.ts'), `export default { test: { projects: [${project}] } }`)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

const MIXED = `import { expect, test } from 'vitest'
test('a', () => {})
test('b', () => expect(1).toBe(2))
test.skip('c', () => {})
test.todo('d')`

describe('runCategory', () => {
  test("counts vitest's tests and a file that could not be loaded as one failure", async () => {
    const root = await checkout({ 'a/mixed.test.ts': MIXED, 'a/broken.test.ts': 'throw new Error("no")' })
    const output = new PassThrough().resume()

    const count = await runCategory({ name: 'x', about: '', run: { vitest: 'unit', folders: ['a/'] } }, output, root)

    expect(count).toEqual({ passed: 1, failed: 2, skipped: 2 })
  })

  test('fails when a category has no test', async () => {
    const root = await checkout({ 'a/mixed.test.ts': MIXED })
    const output = new PassThrough().resume()

    const none = await runCategory({ name: 'x', about: '', run: { vitest: 'unit', folders: ['b/'] } }, output, root)
    const skipped = countVitest({
      success: true,
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 3,
      numTodoTests: 0,
      testResults: [],
    })

    expect(none.failed).toBe(1)
    expect(skipped).toEqual({ passed: 0, failed: 0, skipped: 3 })
  })

  test('counts a script by its last line and never trusts one that says nothing', async () => {
    const root = await checkout({
      'good.ts': 'console.log("ok a\\n2 passed, 0 failed")',
      'silent.ts': '',
      'liar.ts': 'console.log("2 passed, 0 failed"); process.exitCode = 3',
    })
    const run = (script: string) =>
      runCategory({ name: 'x', about: '', run: { script } }, new PassThrough().resume(), root)

    expect(await run('good.ts')).toEqual({ passed: 2, failed: 0, skipped: 0 })
    expect((await run('silent.ts')).failed).toBe(1)
    expect((await run('liar.ts')).failed).toBe(1)
    expect(countScript('1 passed, 2 failed\n', 1)).toEqual({ passed: 1, failed: 2, skipped: 0 })
  })

  test('says that a run failed even when it names no failed test', () => {
    const json = { success: false, numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
    expect(countVitest({ ...json, testResults: [] })).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })
})

describe('netra test', () => {
  test('lists its categories and ends with 2 for one it does not have', async () => {
    const list = await new Netra(['test', '--list'], { cwd: tmpdir() }).ended
    const unknown = await new Netra(['test', 'everything'], { cwd: tmpdir() }).ended

    expect(list.code).toBe(0)
    expect(
      list.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(CATEGORIES.map(({ name }) => name))
    expect(unknown).toMatchObject({ code: 2, stdout: '' })
    expect(unknown.stderr).toContain('check, unit')
  })
})
