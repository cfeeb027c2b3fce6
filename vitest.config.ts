import { defineConfig } from 'vitest/config'

const browserTests = 'apps/apex/tests/**/*.e2e.test.ts'

export default defineConfig({
  test: {
    globalSetup: ['packages/kit/src/testing/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 15_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', browserTests],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [browserTests],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
