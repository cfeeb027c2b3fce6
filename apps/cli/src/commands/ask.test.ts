import { finished, posted, started, ThreadLog, uuid } from '@apex/client/testing/thread-log'
import { describe, expect, test } from 'vitest'
import { until } from '../testing/run-netra.ts'
import { acceptRuns, runOf, stage } from '../testing/stage.ts'
import { Refusal } from '../testing/test-server.ts'

const QUESTION = 'Where does the money go?'

/** The stage with a run that has begun and waits for the test to go on; `finish` ends it well. */
async function stageRunning() {
  const set = await stage()
  const runId = uuid(0x900)
  let log = new ThreadLog()
  acceptRuns(set.server, (accepted, { messageId, text }) => {
    log = accepted
    log.append(posted(text), { runId, messageId })
    log.append(started(uuid(0x901), text), { runId })
    return runId
  })
  const running = set.netra(['ask', QUESTION, '--data', '.', '--json'])
  await until('the run is shown', () => running.lines.length === 2)
  const write = (...bodies: Parameters<ThreadLog['append']>[0][]) => {
    for (const body of bodies) log.append(body, { runId })
    set.server.threads.flush()
  }
  return { ...set, running, runId, write, log }
}

describe('netra ask', () => {
  test('prints the log from the posted message on, then the report, as JSON lines', async () => {
    const { server, netra } = await stage()
    acceptRuns(server, (log, { messageId, text }) => log.appendRun(1, text, { messageId }))

    const { code, stderr, stdout } = await netra(['ask', QUESTION, '--data', '.', '--json']).ended

    const lines = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const events = lines.slice(0, -1)
    expect(events[0]).toMatchObject({ type: 'message_posted', seq: 1, payload: { text: QUESTION } })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.every((event) => !('event' in event))).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'run_finished' })
    expect(lines.at(-1)).toMatchObject({
      event: 'report',
      kind: 'full',
      text: 'You spent $1.50.',
      claims: [
        {
          id: 'total',
          value: '1.5',
          unit: 'USD',
          display: '$1.50',
          rows: [{ cost: '1.5' }],
          dataVersion: { watermark: 1 },
        },
      ],
    })
  })

  test('goes on in a thread: after its last event and its last message', async () => {
    const { server, netra } = await stage()
    const log = new ThreadLog(uuid(0xabc))
    log.appendRun(1)
    server.threads.host(log)
    const requests = acceptRuns(server, (accepted, { messageId, text }) => accepted.appendRun(2, text, { messageId }))

    const { code, stdout } = await netra(['ask', 'And in July?', '--thread', uuid(0xabc), '--data', '.', '--json'])
      .ended

    expect(code).toBe(0)
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ seq: 13, payload: { text: 'And in July?' } })
    expect(requests).toMatchObject([{ params: { threadId: uuid(0xabc) }, body: { parentMessageId: uuid(0x102) } }])
  })

  test('shows a plain timeline, the report and what each figure rests on to a pipe', async () => {
    const { server, netra } = await stage()
    acceptRuns(server, (log, { messageId, text }) => log.appendRun(1, text, { messageId }))

    const { stdout } = await netra(['ask', QUESTION, '--data', '.']).ended

    expect(stdout).not.toContain('\u001B')
    expect(stdout).toContain('✓ data_sufficiency sufficient 12 ms')
    expect(stdout).toContain('Full report · written by the offline analyst')
    expect(stdout).toContain('You spent $1.50[1].')
    expect(stdout).toMatch(
      /overview .* · data 1, genai-prices.*\n +\[1\] \$1\.50 Total cost = sum of cost over all calls \(1 row\)/,
    )
  })

  test.each(['failed', 'stopped'] as const)('ends with 1 when the run %s', async (outcome) => {
    const { running, write } = await stageRunning()

    write(finished(outcome))

    const { code, stderr } = await running.ended
    expect(code).toBe(1)
    expect(stderr).toContain(outcome)
    expect(running.lines.at(-1)).toMatchObject({ type: 'run_finished' })
  })

  test('ends with 1 when the server refuses the question, saying why and under which request id', async () => {
    const { server, netra } = await stage()
    server.handlers['startRun'] = () => {
      throw new Refusal('invalid_request', 'The text is too long.')
    }

    const { code, stderr, stdout } = await netra(['ask', QUESTION, '--data', '.', '--json']).ended

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('The text is too long.')
    expect(stderr).toContain('r-1')
  })

  test('stops the run at the first interrupt and waits for its end', async () => {
    const { server, running, runId, write, log } = await stageRunning()
    const stopped: unknown[] = []
    server.handlers['stopRun'] = ({ params, body }) => {
      stopped.push([params['runId'], Object.keys(body)])
      write(finished('stopped'))
      return { run: runOf(runId, log.threadId, uuid(1)), seq: 3 }
    }

    running.child.kill('SIGINT')

    expect((await running.ended).code).toBe(1)
    expect(stopped).toEqual([[runId, ['commandId']]])
    expect(running.lines.at(-1)).toMatchObject({ type: 'run_finished', payload: { outcome: 'stopped' } })
  })

  test('survives a restart of the server in the middle of the run', async () => {
    const { server, running, write } = await stageRunning()
    write({ type: 'text_delta', payload: { text: 'So ', figures: [] } })
    await until('the text is shown', () => running.lines.length === 3)

    await server.stop()
    write({ type: 'text_delta', payload: { text: 'far.', figures: [] } })
    await until('the loss is said', () => running.stderr.includes('connection lost'))
    await server.start()
    write(finished('completed'))

    expect((await running.ended).code).toBe(0)
    expect(running.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  })

  test('sends a question again, with the same ids, when its answer was lost', async () => {
    const { server, netra } = await stage()
    const ids: string[] = []
    acceptRuns(server, (log, { messageId, text }) => {
      ids.push(messageId)
      if (ids.length === 1) throw new Refusal('busy', 'Try again.')
      return log.appendRun(1, text, { messageId })
    })

    expect((await netra(['ask', QUESTION, '--data', '.']).ended).code).toBe(0)
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBe(ids[1])
  })

  test.each([
    [['ask', '  '], 'empty'],
    [['ask'], "missing required argument 'question'"],
    [['ask', QUESTION, '--thread', 'mine'], 'must be a UUID'],
    [['ask', QUESTION, '--colour'], "unknown option '--colour'"],
    [['ask', QUESTION, '--data', '.', '--url', 'http://x'], 'cannot be used with'],
    [['ask', QUESTION, '--url', 'here'], 'not an address'],
    [['asks', QUESTION], "unknown command 'asks'"],
    [[], 'Usage: netra'],
  ])('ends with 2 for %j and says why', async (args, reason) => {
    const { netra } = await stage()

    const { code, stderr, stdout } = await netra(args).ended

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })
})
