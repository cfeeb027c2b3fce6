import { posted, ThreadLog, uuid } from '@apex/client/testing/thread-log'
import { describe, expect, test } from 'vitest'
import { jsonLines, until } from '../testing/run-netra.ts'
import { stage } from '../testing/stage.ts'

async function stageThread() {
  const set = await stage()
  const log = new ThreadLog(uuid(1))
  log.appendRun(1)
  set.server.threads.host(log)
  return { ...set, log }
}

describe('netra events', () => {
  test('prints the log after a position, page by page', async () => {
    const { log, netra } = await stageThread()

    const { code, stdout } = await netra(['events', '--thread', uuid(1), '--after', '3', '--data', '.', '--json']).ended

    expect(code).toBe(0)
    expect(jsonLines(stdout)).toEqual(log.events.slice(3))
  })

  test('follows what is added until it is interrupted', async () => {
    const { server, log, netra } = await stageThread()
    const following = netra(['events', '--thread', uuid(1), '--after', '10', '--follow', '--data', '.', '--json'])
    await until('the log is shown', () => following.lines.length === 2)

    log.append(posted('one more'))
    server.threads.flush()
    await until('the addition is shown', () => following.lines.length === 3)
    following.child.kill('SIGINT')

    expect((await following.ended).code).toBe(0)
    expect(following.lines).toEqual(log.events.slice(10))
  })

  test('ends with 1 for a thread that is not there', async () => {
    const { netra } = await stageThread()

    const { code, stderr } = await netra(['events', '--thread', uuid(77), '--data', '.']).ended

    expect(code).toBe(1)
    expect(stderr).toContain('There is no such thread.')
  })
})
