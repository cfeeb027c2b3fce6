import { Report } from '@apex/protocol/report'
import { FIVE_EVENTS } from '@apex/protocol/thread-event'
import { describe, expect, test } from 'vitest'
import { uncoveredNumerals } from '../evidence/figure-gate.ts'
import { quantitiesOf } from '../evidence/quoted-quantity.ts'
import { agentsOf, ask, toolsOf } from './testing/ask.ts'
import { MemoryAnalytics } from './testing/memory-analytics.ts'
import type { MemoryRun } from './testing/memory-run.ts'

const GOLDEN = 'Where does the money go, and how do I cut it by 30%?'
const noData = () => new MemoryAnalytics(() => ({ calls: 0, sufficiency: 'insufficient' }))
const partial = () =>
  new MemoryAnalytics(({ question }) => (question === 'data_sufficiency' ? { sufficiency: 'partial' } : undefined))

describe('conductRun on the golden question', async () => {
  const { run, ended, report, text } = await ask(GOLDEN)

  test('publishes a full report that answers in its first lines', () => {
    const [opening = ''] = text.split('## ')

    expect(ended).toEqual({ reportKind: 'full', costUsd: '0' })
    expect(opening).toContain('$96.79 over 19,366 calls, 16 November 2023, 18:15 to 19:14 UTC')
    expect(opening).toContain('The goal of $29.04 (the 30% you asked for) is reached when 31.9 % of the movable calls')
    expect(text.split('## What to change')[1]).toContain('All levers together save at most $93.89')
  })

  test('says where the money goes, what to change and what is not known', () => {
    expect(text).toContain('| gpt-4o | 19,366 calls | $96.79 | 100.0 % |')
    expect(text).toContain('By cost, 57.8 % is input and 42.2 % is output.')
    expect(text).toMatch(/### 1\. Smaller models alone save \$90\.98[\s\S]*Risk: [\s\S]*model="gpt-4o-mini"/)
    expect(text).toMatch(/## What is not known[\s\S]*No monthly cost can be extrapolated/)
    expect(text).not.toContain('withheld')
  })

  test('labels the offline analyst as data and in the last line', () => {
    expect(report).toMatchObject({ offline: true, model: 'offline-analyst', containsSampleData: false })
    expect(text.trimEnd().split('\n').at(-1)).toContain('rule-based offline analyst')
  })

  test('binds every figure of the text to a claim', () => {
    expect(Report.parse(report)).toEqual(report)
    expect(report.text).toBe(text)
    expect(report.figures.length).toBeGreaterThan(15)
    for (const { offset, length, claimId } of report.figures) {
      const claim = report.claims.find(({ id }) => id === claimId)
      expect(text.slice(offset, offset + length)).toBe(claim?.display)
    }
  })

  test('leaves no numeral outside a figure that no rule exempts', () => {
    const rules = { quoted: quantitiesOf(GOLDEN), identifiers: new Set(['gpt-4o', 'gpt-4o-mini']) }
    let offset = 0
    for (const line of text.split(/(?<=\n)/)) {
      const inside = report.figures.filter((span) => span.offset >= offset && span.offset < offset + line.length)
      const shifted = inside.map((span) => ({ ...span, offset: span.offset - offset }))
      expect(uncoveredNumerals(line, shifted, true, rules)).toEqual([])
      offset += line.length
    }
  })

  test('shows all five events, the supervisor first and last', () => {
    const events = run.shown()
    for (const type of FIVE_EVENTS) expect(events.map((event) => event.type)).toContain(type)
    expect(events[0]).toMatchObject({ type: 'agent_started', agent: 'supervisor' })
    expect(events.at(-1)).toMatchObject({ type: 'agent_completed', agent: 'supervisor' })
  })

  test('lets the agents work in the order of the flow', () => {
    expect(agentsOf(run)).toEqual(['supervisor', 'triage', 'analysis', 'apex-optimizer', 'validation', 'reporter'])
  })
})

describe('every invocation', async () => {
  const { run } = await ask(GOLDEN)
  const invocations = Map.groupBy(
    run.shown().filter((event) => event.type.startsWith('agent_')),
    (event) => event.invocationId,
  )

  test('starts, says what it does in a sentence, and completes once', () => {
    expect(invocations.size).toBe(6)
    for (const [, events] of invocations) {
      expect(events.map(({ type }) => type)[0]).toBe('agent_started')
      expect(events.filter(({ type }) => type === 'agent_completed')).toHaveLength(1)
      const thoughts = events.flatMap((event) => (event.type === 'agent_thinking' ? [event.payload.text] : []))
      expect(thoughts.length).toBeGreaterThan(0)
      for (const thought of thoughts) expect(thought).toMatch(/^[A-Z].{15,}\.$/)
    }
  })

  test('hangs under the supervisor', () => {
    const [supervisor, ...others] = run.shown().filter((event) => event.type === 'agent_started')
    for (const event of others) {
      expect(event.type === 'agent_started' && event.payload.parentInvocationId).toBe(supervisor?.invocationId)
    }
  })
})

describe('the flow depends on the data and the question', () => {
  test('no data leads to guidance that says what to connect', async () => {
    const { run, report, text } = await ask(GOLDEN, { analytics: noData() })

    expect(agentsOf(run)).toEqual(['supervisor', 'triage', 'data-helper', 'reporter'])
    expect(report).toMatchObject({ kind: 'guidance', figures: [], claims: [] })
    expect(text).toContain('./netra import calls.csv --format generic-csv')
    expect(report.nextSteps.length).toBeGreaterThan(0)
    expectFiveEvents(run)
  })

  test('a time without data leads to guidance that says which time there is', async () => {
    const analytics = new MemoryAnalytics(({ question, params }) =>
      question === 'data_sufficiency' && params.scope.from ? { calls: 0, sufficiency: 'insufficient' } : undefined,
    )
    const { run, report, text } = await ask('How much did we spend last week?', { analytics })

    expect(agentsOf(run)).toEqual(['supervisor', 'triage', 'data-helper', 'reporter'])
    expect(report.kind).toBe('guidance')
    expect(text).toContain('from 16 November 2023, 18:15 to 19:14 UTC')
  })

  test('partly sufficient data leads to the same flow and a partial report with its gaps', async () => {
    const { run, report } = await ask(GOLDEN, { analytics: partial() })

    expect(agentsOf(run)).toContain('apex-optimizer')
    expect(report.kind).toBe('partial')
    expect(report.unknowns.length).toBeGreaterThan(0)
  })

  test('a question for one fact gets a short answer without the optimiser', async () => {
    const { run, report, text } = await ask('How many calls?')

    expect(agentsOf(run)).toEqual(['supervisor', 'triage', 'analysis', 'validation', 'reporter'])
    expect(toolsOf(run)).toEqual(['data_sufficiency ok', 'usage_overview ok', 'check_figures ok'])
    expect(text).toContain('19,366 calls')
    expect(text.split('\n')[0]?.length).toBeLessThan(200)
    expect(report.kind).toBe('full')
    expectFiveEvents(run)
  })

  test('a greeting is answered without figures, and the data is still looked at', async () => {
    const { run, report } = await ask('hello')

    expect(agentsOf(run)).toEqual(['supervisor', 'triage', 'reporter'])
    expect(toolsOf(run)).toEqual(['data_sufficiency ok'])
    expect(report).toMatchObject({ kind: 'guidance', claims: [] })
    expectFiveEvents(run)
  })

  test.each(['write me a poem', "what's the weather tomorrow?"])(
    '%j gets an honest answer and no figure',
    async (question) => {
      const { run, report, text } = await ask(question)

      expect(agentsOf(run)).toEqual(['supervisor', 'triage', 'reporter'])
      expect(report).toMatchObject({ kind: 'fallback', figures: [], claims: [] })
      expect(text).toContain('outside what Netra Apex can answer')
      expect(text).toContain('Where does the money go?')
      expectFiveEvents(run)
    },
  )

  test('a question about one lever asks about that lever only', async () => {
    const { run } = await ask('What can go to batch?')

    expect(toolsOf(run).filter((tool) => /plan|price|cache|batch/.test(tool))).toEqual(['batch_eligibility ok'])
  })

  test('limits a person sets reach the tools', async () => {
    const analytics = new MemoryAnalytics()
    await ask('Cut cost by 30 % without slowing down and without changing models', { analytics })

    const names = analytics.asked.map(({ question }) => question)
    expect(names).not.toContain('batch_eligibility')
    expect(names).not.toContain('model_swap')
    expect(analytics.asked.find(({ question }) => question === 'savings_plan')?.params).toMatchObject({
      goal: 0.3,
      keepModels: true,
      keepLatency: true,
    })
  })

  test('a name in a follow-up narrows the earlier question', async () => {
    const analytics = new MemoryAnalytics((asked) => {
      if (asked.question !== 'breakdown' || asked.params.by !== 'service') return undefined
      const figures = { 'cost:checkout-api': ['9.5', 'USD', 2] } as const
      return { rows: [{ service: 'checkout-api', cost: '9.5', calls: 20 }], figures: { ...figures } as never }
    })
    const history = [{ author: 'user' as const, text: 'Where does the money go?' }]
    const { report } = await ask('only the checkout service', { analytics, history })

    const overview = analytics.asked.find(({ question }) => question === 'overview')
    expect(overview?.params.scope).toEqual({ filter: { service: ['checkout-api'] } })
    expect(report.title).toBe('Where the money goes: checkout-api')
  })

  test('a word that only looks like a name is passed over when the data does not know it', async () => {
    const { report, text } = await ask('Where does the money go in our follow-up work?')

    expect(text).not.toContain('follow-up')
    expect(report.kind).toBe('full')
  })

  test('a question about a day compares it with the day before', async () => {
    const analytics = new MemoryAnalytics()
    const { text } = await ask('Why did it jump on 16 November?', { analytics })

    const scopes = analytics.asked.flatMap((asked) =>
      asked.question === 'breakdown' && asked.params.scope.from ? [asked.params.scope] : [],
    )
    expect(scopes).toContainEqual({ from: '2023-11-16T00:00:00.000Z', to: '2023-11-17T00:00:00.000Z' })
    expect(scopes).toContainEqual({ from: '2023-11-15T00:00:00.000Z', to: '2023-11-16T00:00:00.000Z' })
    expect(text).toContain('the time that begins 16 November 2023')
  })

  test('a name the data does not know is said, not guessed', async () => {
    const { report, text } = await ask('What does the billing service cost?')

    expect(text).toContain('The data names no service “billing”')
    expect(report.kind).toBe('partial')
  })

  test('sample data is labelled in the report and in its text', async () => {
    const analytics = new MemoryAnalytics(undefined, (answer) => ({
      ...answer,
      coverage: { ...answer.coverage, containsSampleData: true },
    }))
    const { report, text } = await ask(GOLDEN, { analytics })

    expect(report.containsSampleData).toBe(true)
    expect(text).toContain('generated sample data')
  })
})

describe('agents that are not available yet', () => {
  test.each([
    ['@search where does the money go?', 'search'],
    ['Ask the research agent why the bill is so high', 'research'],
    ['use supply-researcher to find prices', 'supply-researcher'],
    ['@corpus-admin list my data sets', 'corpus-admin'],
  ])('%j names %s and still answers', async (question, agent) => {
    const { run, text } = await ask(question)

    const ended = run.shown().find((event) => event.type === 'agent_completed' && event.agent === agent)
    expect(ended?.type === 'agent_completed' && ended.payload.outcome).toBe('unavailable')
    expect(text).toContain(`The ${agent} agent is registered and not available yet.`)
    expect(text.length).toBeGreaterThan(300)
    expectFiveEvents(run)
  })
})

function expectFiveEvents(run: MemoryRun): void {
  const types = new Set(run.shown().map(({ type }) => type))
  expect(FIVE_EVENTS.filter((type) => !types.has(type))).toEqual([])
}
