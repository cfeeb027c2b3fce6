import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

type Chunk = { type: 'chunk'; code: string; isEntry: boolean; imports: string[]; facadeModuleId: string | null }

/**
 * Refuses a build whose first page needs more script than the budget: the entry and the first page with everything both
 * import at once, gzipped, in bytes. What comes after the first paint does not count.
 */
export function firstLoadBudget(options: { firstPage: string; maxBytes: number }): Plugin {
  return {
    name: 'first-load-budget',
    generateBundle(_, bundle) {
      const chunks = Object.fromEntries(Object.entries(bundle).filter(([, { type }]) => type === 'chunk')) as unknown
      const sizes = firstLoad(chunks as Record<string, Chunk>, options.firstPage)
      const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
      const text = `first load: ${(total / 1000).toFixed(1)} kB of script, gzipped, in ${sizes.size} files`
      if (total > options.maxBytes) this.error(`${text}; the budget is ${options.maxBytes / 1000} kB`)
      this.info(text)
    },
  }
}

function firstLoad(chunks: Record<string, Chunk>, firstPage: string): Map<string, number> {
  const sizes = new Map<string, number>()
  const add = (file: string) => {
    const chunk = chunks[file]
    if (!chunk || sizes.has(file)) return
    sizes.set(file, gzipSync(chunk.code).length)
    chunk.imports.forEach(add)
  }
  const first = Object.entries(chunks).filter(
    ([, chunk]) => chunk.isEntry || chunk.facadeModuleId?.endsWith(firstPage) === true,
  )
  if (first.length < 2) throw new Error(`the build has no chunk of its own for ${firstPage}`)
  for (const [file] of first) add(file)
  return sizes
}
