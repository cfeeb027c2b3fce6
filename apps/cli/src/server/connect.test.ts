import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ThreadLog, uuid } from '@apex/client/testing/thread-log'
import { describe, expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'
import { Refusal } from '../testing/test-server.ts'

const EVENTS = ['events', '--thread', uuid(1), '--json']

async function stageThread() {
  const set = await stage()
  const log = new ThreadLog(uuid(1))
  log.appendRun(1)
  set.server.threads.host(log)
  return { ...set, log }
}

describe('finding the server', () => {
  test("signs in as the data folder's owner once and keeps the session to itself", async () => {
    const { server, folder, netra } = await stageThread()

    const first = await netra([...EVENTS, '--data', '.']).ended
    const second = await netra([...EVENTS, '--data', '.']).ended

    expect([first.code, second.code]).toEqual([0, 0])
    expect(server.called.filter((name) => name === 'signIn')).toHaveLength(1)
    expect((await stat(join(folder, 'cli-session.json'))).mode & 0o777).toBe(0o600)
  })

  test('signs in anew when the kept session is refused', async () => {
    const { server, sessions, netra } = await stageThread()
    await netra([...EVENTS, '--data', '.']).ended
    sessions.clear()

    expect((await netra([...EVENTS, '--data', '.']).ended).code).toBe(0)
    expect(server.called.filter((name) => name === 'signIn')).toHaveLength(2)
  })

  test('takes .netra here when nothing is named', async () => {
    const { folder, netra } = await stageThread()
    await mkdir(join(folder, '.netra'))
    for (const name of ['server.json', 'owner.json']) await rename(join(folder, name), join(folder, '.netra', name))

    expect((await netra(EVENTS).ended).code).toBe(0)
  })

  test('ends with 5 when the owner is refused, and says what the server says', async () => {
    const { folder, netra } = await stageThread()
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ email: 'owner@example.com', password: 'other' }))

    const { code, stderr } = await netra([...EVENTS, '--data', '.']).ended

    expect(code).toBe(5)
    expect(stderr).toContain('Wrong e-mail or password.')
  })

  test('sends an API key as it is and ends with 5 when the server does not take it', async () => {
    const { server, netra } = await stageThread()
    const tokens: (string | undefined)[] = []
    server.handlers['listEvents'] = ({ token }) => {
      tokens.push(token)
      throw new Refusal('unauthenticated', 'API keys are not served yet.')
    }

    const byFlag = await netra([...EVENTS, '--url', server.url, '--api-key', 'key-1']).ended
    const byEnvironment = await netra([...EVENTS, '--url', server.url], { env: { NETRA_API_KEY: 'key-2' } }).ended

    expect([byFlag.code, byEnvironment.code]).toEqual([5, 5])
    expect(byFlag.stderr).toContain('API keys are not served yet.')
    expect(tokens).toEqual(['key-1', 'key-2'])
  })

  test('ends with 4 when the server does not answer, and when none runs on the data folder', async () => {
    const { server, folder, netra } = await stageThread()
    await server.stop()
    const down = await netra([...EVENTS, '--data', '.']).ended
    await rm(join(folder, 'server.json'))
    const none = await netra([...EVENTS, '--data', '.']).ended

    expect([down.code, none.code]).toEqual([4, 4])
    expect(down.stderr).toContain('does not answer')
    expect(none.stderr).toContain('No server runs on the data folder')
    expect(none.stderr).toContain('netra up --data')
  })
})

describe('netra login', () => {
  const input = 'a long enough password\n'

  test('keeps a session that later commands use, readable by nobody else', async () => {
    const { server, folder, netra } = await stageThread()

    const args = ['login', '--url', `${server.url}/`, '--email', 'owner@example.com', '--password-stdin']
    expect((await netra(args, { input }).ended).code).toBe(0)
    await rm(join(folder, 'server.json'))

    const kept = join(folder, 'config/netra/credentials.json')
    expect((await stat(kept)).mode & 0o777).toBe(0o600)
    expect(await readFile(kept, 'utf8')).not.toContain('a long enough password')
    expect((await netra([...EVENTS, '--url', server.url]).ended).code).toBe(0)
  })

  test('ends with 5 for a wrong password, and logout ends the session on both sides', async () => {
    const { server, sessions, netra } = await stageThread()
    const args = ['login', '--url', server.url, '--email', 'owner@example.com', '--password-stdin']
    expect((await netra(args, { input: 'wrong\n' }).ended).code).toBe(5)
    await netra(args, { input }).ended
    expect(sessions.size).toBe(1)

    expect((await netra(['logout']).ended).code).toBe(0)

    expect(sessions.size).toBe(0)
    const after = await netra([...EVENTS, '--url', server.url]).ended
    expect(after.code).toBe(5)
    expect(after.stderr).toContain('netra login')
  })

  test('asks for what it needs where there is no terminal', async () => {
    const { server, netra } = await stageThread()

    const noEmail = await netra(['login', '--url', server.url]).ended
    const noPassword = await netra(['login', '--url', server.url, '--email', 'a@b.co']).ended

    expect([noEmail.code, noPassword.code]).toEqual([2, 2])
    expect(noPassword.stderr).toContain('--password-stdin')
  })
})
