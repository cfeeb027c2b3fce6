import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every gate of `check`: a name, the command behind it, and what its output must say to count as having looked. */
const GATES: readonly Gate[] = [
  { name: 'types', command: ['../typescript-7/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the web', command: ['../typescript-7/bin/tsc', '-p', 'apps/web/tsconfig.json'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'], looked: filesAbove(/on (\d+) files/, 300) },
  {
    name: 'format',
    command: ['biome', 'check', '--error-on-warnings', '.'],
    looked: filesAbove(/Checked (\d+) files/, 300),
  },
  {
    name: 'import law',
    command: ['depcruise', 'packages', 'services', 'apps', 'scripts'],
    looked: filesAbove(/\((\d+) modules/, 300),
  },
  { name: 'unused code', command: ['knip', '--no-progress'] },
]

type Gate = { name: string; command: [string, ...string[]]; looked?: (output: string) => string | null }

/** A gate that cruised nothing has not passed: its output must name at least `least` files. */
function filesAbove(pattern: RegExp, least: number): (output: string) => string | null {
  return (output) => {
    const seen = Number(pattern.exec(output)?.[1] ?? 0)
    return seen >= least ? null : `looked at ${seen} files, expected at least ${least}`
  }
}

function run(gate: Gate): Promise<{ failure: string | null }> {
  const [tool, ...rest] = gate.command
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`${root}node_modules/.bin/${tool}`, ...rest], { cwd: root })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve({ failure: error.message }))
    child.on('close', (code) => {
      if (code !== 0) return resolve({ failure: output.trim() || `exit code ${code}` })
      resolve({ failure: gate.looked?.(output) ?? null })
    })
  })
}

let failed = 0
for (const gate of GATES) {
  const { failure } = await run(gate)
  if (failure !== null) failed += 1
  console.log(failure === null ? `ok      ${gate.name}` : `FAILED  ${gate.name}\n${failure}`)
}
console.log(`${GATES.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
