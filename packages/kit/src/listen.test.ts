import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CLIENT_ADDRESS_HEADER, clientAddressOf, resolveClientAddress } from './http/client-address.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'

// Through a copy as well: a lone lookup and a full list of headers are read in different ways.
const answerAddress = async (request: Request) =>
  new Response(`${clientAddressOf(request.headers)} ${clientAddressOf(new Headers([...request.headers]))}`)

async function listening(options: ListenOptions): Promise<Listener> {
  const listener = await listen(options)
  onTestFinished(async () => listener[Symbol.asyncDispose]())
  return listener
}

describe('listen', () => {
  test('stamps the address it saw over the one a caller claims', async () => {
    const listener = await listening({ fetch: answerAddress, host: '127.0.0.1', port: 0 })
    const headers = { [CLIENT_ADDRESS_HEADER]: '6.6.6.6', 'x-forwarded-for': '7.7.7.7' }
    const response = await fetch(`http://127.0.0.1:${listener.port}/`, { headers })

    expect(await response.text()).toBe('127.0.0.1 127.0.0.1')
  })

  test('believes as many forwarding entries as there are proxies of ours', async () => {
    const listener = await listening({ fetch: answerAddress, host: '127.0.0.1', port: 0, trustedProxies: 1 })
    const response = await fetch(`http://127.0.0.1:${listener.port}/`, {
      headers: { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' },
    })

    expect(await response.text()).toBe('2.2.2.2 2.2.2.2')
    expect(resolveClientAddress('::ffff:10.0.0.1', undefined, 2)).toBe('10.0.0.1')
  })

  test('hands upgrades over, and refuses them when nobody takes them', async () => {
    const upgraded = Promise.withResolvers<string | undefined>()
    const taking = await listening({
      fetch: answerAddress,
      upgrade: (request, socket) => {
        upgraded.resolve(request.headers[CLIENT_ADDRESS_HEADER] as string)
        socket.destroy()
      },
      host: '127.0.0.1',
      port: 0,
    })
    const refusing = await listening({ fetch: answerAddress, host: '127.0.0.1', port: 0 })
    for (const { port } of [taking, refusing]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.write('GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
        )
        socket.on('close', () => resolve())
        socket.on('error', () => resolve())
        socket.resume()
      })
    }

    expect(await upgraded.promise).toBe('127.0.0.1')
  })

  test('a taken port is refused with its code', async () => {
    const first = await listening({ fetch: answerAddress, host: '127.0.0.1', port: 0 })

    await expect(listen({ fetch: answerAddress, host: '127.0.0.1', port: first.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})
