/** The import law: who may reach whom. A test plants one violation per rule and expects each to be caught. */
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })
const code = (path) => ({ path })
const TESTS = '(\\.test\\.tsx?$|/tests?/|/testing/)'

/** Rooms of the chat service, outermost first; a room never imports one before it. */
const CHAIN = ['http|ws', 'threads', 'runs', 'agents', 'tools']
const roomRules = CHAIN.slice(1).map((room, index) =>
  rule(
    `${room}-look-down`,
    { path: `^services/chat/src/(${room})/`, pathNot: TESTS },
    { path: `^services/chat/src/(${outer(index, room)})/` },
    'code calls down the chain; back up only events travel, through the log',
  ),
)

/** Runs append through the log, which is the threads room's; everything further in does not know it. */
function outer(index, room) {
  const before = CHAIN.slice(0, index + 1)
  return (room === 'runs' ? before.filter((name) => name !== 'threads') : before).join('|')
}

export default {
  forbidden: [
    rule(
      'protocol-is-data',
      { path: '^packages/protocol/src', pathNot: TESTS },
      { path: '.+', pathNot: ['^packages/protocol/src', '^node_modules/zod/'] },
    ),
    rule(
      'client-runs-anywhere',
      { path: '^packages/client/src', pathNot: TESTS },
      { path: '.+', pathNot: ['^packages/(client|protocol)/src', '^node_modules/zod/'] },
    ),
    rule('kit-has-no-product', code('^packages/kit'), code('^(apps|services|packages/client)/')),
    rule('services-are-strangers', code('^services/([^/]+)/'), { path: '^services/', pathNot: '^services/$1/' }),
    rule('nothing-imports-apps', { pathNot: '^apps/' }, code('^apps/')),
    rule(
      'apps-are-strangers',
      { path: '^apps/([^/]+)/', pathNot: '^apps/apex/tests/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule('faces-know-no-server', { path: '^apps/(web|cli)/', pathNot: TESTS }, code('^(services/|packages/kit/)')),
    rule(
      'apex-enters-by-the-door',
      { path: '^apps/apex/', pathNot: TESTS },
      { path: '^services/', pathNot: '^services/[^/]+/src/(service|config)\\.ts$' },
    ),
    rule(
      'testing-stays-in-tests',
      { path: '^(apps|services|packages)/', pathNot: [TESTS, 'vitest\\.config\\.ts$'] },
      { path: TESTS },
    ),
    rule(
      'stores-stay-home',
      { path: '^services/([^/]+)/src/([^/]+)/', pathNot: TESTS },
      { path: '-store\\.ts$', pathNot: '^services/$1/src/$2/' },
    ),
    rule(
      'adapters-know-no-rooms',
      code('^services/chat/src/(models|evidence)/'),
      code('^services/chat/src/(http|ws|threads|runs)/'),
    ),
    ...roomRules,
    rule('no-cycles', {}, { circular: true }),
    rule('every-import-resolves', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    // Needs a TypeScript below 7 beside the one that checks types; with 7 alone nothing is cruised and all passes.
    parser: 'tsc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
}
