import { UnavailableError } from '@apex/kit/app-error'
import { FIVE_EVENTS } from '@apex/protocol/thread-event'
import { describe, expect, test } from 'vitest'
import { WITHHELD_NOTICE } from '../evidence/streaming-gate.ts'
import { agentsOf, ask, toolsOf } from './testing/ask.ts'
import { MemoryAnalytics } from './testing/memory-analytics.ts'
import { CrashError, MemoryRun } from './testing/memory-run.ts'
import { ScriptedModel, type ScriptedTurn } from './testing/scripted-model.ts'

const GOLDEN = 'Where does the money go, and how do I cut it by 30%?'
const away = () => new UnavailableError('Analytics does not answer.')

describe('a tool that fails', () => {
  test('makes the report partial and says what it would have shown', async () => {
    const analytics = new MemoryAnalytics(({ question }) => (question === 'savings_plan' ? away() : undefined))
    const { run, report, text } = await ask(GOLDEN, { analytics })

    expect(toolsOf(run)).toContain('savings_plan error')
    expect(report.kind).toBe('partial')
    expect(text).toContain('What savings plan would have shown')
    expect(text).toContain('$96.79')
  })

  test('leaves an answer even when every tool fails', async () => {
    const analytics = new MemoryAnalytics(() => away())
    const { run, report, text } = await ask(GOLDEN, { analytics })

    expect(report).toMatchObject({ kind: 'fallback', figures: [] })
    expect(text).toContain('could not be answered')
    for (const type of FIVE_EVENTS) expect(run.shown().some((event) => event.type === type)).toBe(true)
  })

  test('claims that cannot be stored make the report partial and are kept in it', async () => {
    const analytics = new MemoryAnalytics()
    analytics.publishClaims = async () => {
      throw away()
    }
    const { report } = await ask(GOLDEN, { analytics })

    expect(report.kind).toBe('partial')
    expect(report.claims.length).toBeGreaterThan(0)
    expect(report.unknowns.join(' ')).toContain('could not be stored')
  })
})

describe('validation', () => {
  test('withdraws a figure that does not come out the same', async () => {
    const analytics = new MemoryAnalytics(undefined, (answer, nth) => {
      if (answer.question !== 'overview' || nth < 2) return answer
      const figures = answer.figures.map((figure) =>
        figure.key === 'total-cost' ? { ...figure, value: '95.000001' } : figure,
      )
      return { ...answer, figures }
    })
    const { report, text } = await ask('Where does the money go?', { analytics })

    expect(report.kind).toBe('partial')
    expect(report.claims.some(({ question, figureKey }) => question === 'overview' && figureKey === 'total-cost')).toBe(
      false,
    )
    expect(text).toContain('did not come out the same')
  })

  test.each([
    ['another unit', { unit: 'count' as const }],
    ['another rounding', { rounding: { places: 5 } }],
  ])('withdraws a figure with %s', async (_, change) => {
    const analytics = new MemoryAnalytics(undefined, (answer, nth) => {
      if (answer.question !== 'overview' || nth < 2) return answer
      return { ...answer, figures: answer.figures.map((figure) => ({ ...figure, ...change })) }
    })
    const { report } = await ask('Where does the money go?', { analytics })

    expect(report.claims.some(({ question }) => question === 'overview')).toBe(false)
  })

  test('takes over newer data instead of calling it a mismatch', async () => {
    const analytics = new MemoryAnalytics(undefined, (answer, nth) => {
      if (nth < 2) return answer
      const figures = answer.figures.map((figure) =>
        figure.key === 'total-cost' ? { ...figure, value: '101.5' } : figure,
      )
      return { ...answer, figures, dataVersion: { ...answer.dataVersion, watermark: 2 } }
    })
    const { report, text } = await ask('Where does the money go?', { analytics })

    expect(text).toContain('$101.50')
    expect(report.claims.every(({ dataVersion }) => dataVersion.watermark === 2)).toBe(true)
  })
})

const TRIAGE = { intents: ['where_money'], title: 'Where the money goes', summary: 'Clear.' }
const result = (input: unknown): ScriptedTurn => ({ calls: [{ tool: 'give_result', input }] })
const UNTIL_REPORT: ScriptedTurn[] = [
  { text: ['I read the question.'], ...result(TRIAGE) },
  result({ agents: ['analysis', 'reporter'], summary: 'Analysis first.' }),
  { text: ['I ask for the totals.'], calls: [{ tool: 'usage_overview', input: {} }] },
  result({ observations: ['It costs {{total-cost}}.'], summary: 'Known.' }),
  result({ summary: 'All equal.' }),
]

describe('a real model', () => {
  test('goes the same way: its tools run, its figures are put in, its cost is unknown', async () => {
    const model = new ScriptedModel([...UNTIL_REPORT, { text: ['The cost is {{total', '-cost}}. It is known.'] }])
    const { run, ended, report, text } = await ask('Where does the money go?', { model })

    model.assertFinished()
    expect(text).toBe('The cost is $96.79. It is known.')
    expect(ended).toEqual({ reportKind: 'full', costUsd: null })
    expect(report).toMatchObject({ offline: false, model: 'scripted-model' })
    expect(toolsOf(run)).toEqual(['data_sufficiency ok', 'usage_overview ok', 'check_figures ok'])
  })

  test('cannot show a figure of its own; validation says that one was withheld', async () => {
    const model = new ScriptedModel([
      ...UNTIL_REPORT,
      { text: ['It costs {{total-cost}}. That is 17 % too much. Bye.'] },
    ])
    const { run, report, text } = await ask('Where does the money go?', { model })

    expect(text).toBe(`It costs $96.79. ${WITHHELD_NOTICE} Bye.`)
    expect(report.kind).toBe('partial')
    const said = run.shown().filter((event) => event.type === 'agent_completed' && event.agent === 'validation')
    expect(JSON.stringify(said.at(-1)?.payload)).toContain('withheld')
  })

  test('that writes garbage arguments is told so and can go on', async () => {
    const [triage, supervisor, , ...rest] = UNTIL_REPORT
    const model = new ScriptedModel([
      triage as ScriptedTurn,
      supervisor as ScriptedTurn,
      {
        raw: [
          { tool: 'usage_breakdown', input: '{"by": "colour"' },
          { tool: 'no_such_tool', input: '{}' },
        ],
      },
      { raw: [{ tool: 'usage_overview', input: '' }] },
      ...rest,
      { text: ['It costs {{total-cost}}.'] },
    ])
    const { run, text } = await ask('Where does the money go?', { model })

    model.assertFinished()
    expect(toolsOf(run)).toEqual([
      'data_sufficiency ok',
      'usage_breakdown error',
      'no_such_tool error',
      'usage_overview ok',
      'check_figures ok',
    ])
    expect(text).toContain('$96.79')
  })

  test('that gives a result of the wrong shape may correct it', async () => {
    const model = new ScriptedModel([
      result({ intents: ['nonsense'] }),
      ...UNTIL_REPORT,
      { text: ['It costs {{total-cost}}.'] },
    ])
    const { text } = await ask('Where does the money go?', { model })

    model.assertFinished()
    expect(text).toContain('$96.79')
  })

  test('that is cut in the middle of the answer is replaced, and what it wrote is withdrawn', async () => {
    const cut = { text: ['It costs {{total-cost}}. It', ' will be'], fails: new Error('connection reset') }
    const { run, ended, report, text } = await ask('Where does the money go?', {
      model: new ScriptedModel([...UNTIL_REPORT, cut]),
    })

    expect(text).not.toContain('will be')
    expect(text.startsWith('The cost is $96.79') || text.startsWith('It costs $96.79')).toBe(true)
    expect(text.match(/\$96\.79/g)?.length).toBeGreaterThan(0)
    expect(report).toMatchObject({ offline: true, model: 'offline-analyst', kind: 'partial', text })
    expect(ended.costUsd).toBeNull()
    expect(run.events.some((event) => event.type === 'attempt_superseded')).toBe(true)
  })

  test('that never gives a result is stopped after its turns and replaced', async () => {
    const model = new ScriptedModel(Array.from({ length: 12 }, () => ({ text: ['I am still thinking about it.'] })))
    const { run, report } = await ask('How many calls?', { model })

    expect(model.prompts).toHaveLength(8)
    const given = run.shown().find((event) => event.type === 'agent_completed' && event.agent === 'triage')
    expect(given?.type === 'agent_completed' && given.payload.outcome).toBe('failed')
    expect(report.offline).toBe(true)
  })

  test('that does not answer at all is replaced from the first agent on', async () => {
    const model = new ScriptedModel([{ fails: new Error('refused') }])
    const { run, report, text } = await ask(GOLDEN, { model })

    expect(agentsOf(run).filter((agent) => agent === 'triage')).toHaveLength(2)
    expect(report).toMatchObject({ offline: true, kind: 'partial' })
    expect(text).toContain('The model scripted-model did not finish its part')
    expect(text).toContain('$96.79')
  })
})

describe('a run that is interrupted', () => {
  test.each([
    ['inside-tool', 1],
    ['inside-tool', 4],
    ['between-text-deltas', 1],
    ['between-text-deltas', 2],
  ])('at %s the %dth time ends once with the same answer', async (point, nth) => {
    const whole = await ask(GOLDEN)
    const run = new MemoryRun({ question: GOLDEN })
    run.crashAt(point, nth)

    await expect(ask(GOLDEN, { run })).rejects.toThrow(CrashError)
    const repeated = await ask(GOLDEN, { run })

    expect(repeated.text).toBe(whole.text)
    expect(repeated.report.claims).toEqual(whole.report.claims)
    expect(run.stepIds).toEqual(whole.run.stepIds)
    expect(agentsOf(run)).toEqual(agentsOf(whole.run))
  })

  test('asks nothing twice that a step has answered', async () => {
    const analytics = new MemoryAnalytics()
    const run = new MemoryRun({ question: GOLDEN })
    await ask(GOLDEN, { run, analytics })
    const asked = analytics.asked.length
    const eventCount = run.events.length

    await ask(GOLDEN, { run, analytics })

    expect(analytics.asked).toHaveLength(asked)
    expect(run.events).toHaveLength(eventCount)
  })

  test('gives the same ids in every replay', async () => {
    const [one, other] = [await ask(GOLDEN), await ask(GOLDEN)]
    const ids = ({ run }: typeof one) => run.shown().map((event) => [event.type, event.invocationId, event.toolCallId])

    expect(ids(one)).toEqual(ids(other))
    expect(new Set(one.run.stepIds).size).toBe(one.run.stepIds.length)
  })

  test('that is stopped while it publishes publishes nothing', async () => {
    const stop = new AbortController()
    const analytics = new MemoryAnalytics()
    analytics.publishClaims = async () => {
      stop.abort(new Error('stopped by you'))
      throw new Error('cut')
    }
    const run = new MemoryRun({ question: GOLDEN })
    const context = run.context.bind(run)
    run.context = () => context(stop.signal)

    await expect(ask(GOLDEN, { run, analytics })).rejects.toThrow('stopped by you')
    expect(run.events.some((event) => event.type === 'report_published')).toBe(false)
  })

  test('that is stopped ends with the reason of its signal', async () => {
    const stop = new AbortController()
    const analytics = new MemoryAnalytics(({ question }) => {
      if (question === 'overview') stop.abort(new Error('stopped by you'))
      return question === 'overview' ? new Error('cut') : undefined
    })
    const run = new MemoryRun({ question: GOLDEN })
    const context = run.context.bind(run)
    run.context = () => context(stop.signal)

    await expect(ask(GOLDEN, { run, analytics })).rejects.toThrow('stopped by you')
  })
})
