import { CommandError, EXIT, type ExitCode } from '../exit.ts'
import { put } from '../terminal.ts'
import { CATEGORIES, type Category } from '../test-runner/categories.ts'
import { addCounts, describeCount, NOTHING } from '../test-runner/count.ts'
import { runCategory } from '../test-runner/run-category.ts'
import type { CommandContext } from './context.ts'

/** Runs the project's tests by category, all of them when none is named; the last line counts them. */
export async function test(
  { terminal }: CommandContext,
  names: readonly string[],
  options: { list?: boolean },
): Promise<ExitCode> {
  const chosen = names.length === 0 ? CATEGORIES : names.map(findCategory)
  if (options.list) {
    for (const { about, name } of chosen) put(terminal, `${name.padEnd(10)}${about}`)
    return EXIT.done
  }
  let total = NOTHING
  for (const category of new Set(chosen)) {
    put(terminal, `== ${category.name}: ${category.about}`)
    const count = await runCategory(category, terminal.stdout)
    put(terminal, `== ${category.name}: ${describeCount(count)}`)
    total = addCounts(total, count)
  }
  put(terminal, describeCount(total))
  return total.failed === 0 ? EXIT.done : EXIT.failed
}

function findCategory(name: string): Category {
  const found = CATEGORIES.find((category) => category.name === name)
  if (found) return found
  const known = CATEGORIES.map((category) => category.name).join(', ')
  throw new CommandError(EXIT.usage, `There is no test category ${name}. The categories are: ${known}`)
}
