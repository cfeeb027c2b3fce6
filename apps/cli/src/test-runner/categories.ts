/** A set of tests that is run and counted together. */
export type Category = {
  name: string
  about: string
  /** Vitest with a project and the folders to look in, or a script that ends with `N passed, N failed`. */
  run: { vitest: string; folders: readonly string[] } | { script: string }
}

/** Every category of `netra test`, in the order in which they run when none is named. */
export const CATEGORIES: readonly Category[] = [
  {
    name: 'check',
    about: 'types, lint, format, import law, unused code',
    run: { script: 'scripts/check.ts' },
  },
  {
    name: 'unit',
    about: 'protocol, client, kit, the command line, the web and the scripts',
    run: { vitest: 'unit', folders: ['packages/', 'apps/cli/', 'apps/web/', 'scripts/'] },
  },
  {
    name: 'services',
    about: 'auth, chat and analytics on real PostgreSQL and ClickHouse',
    run: { vitest: 'unit', folders: ['services/'] },
  },
  {
    name: 'apex',
    about: 'the composed server, by its parts',
    run: { vitest: 'unit', folders: ['apps/apex/'] },
  },
  {
    name: 'e2e',
    about: 'the golden path of the composed server, in a real browser too',
    run: { vitest: 'e2e', folders: [] },
  },
]
