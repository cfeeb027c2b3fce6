import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the range outgoing connections draw from, so that the port is still free when its owner is restarted.
const lowestPort = 20_000
const highestPort = 32_767

/** A TCP port of 127.0.0.1 that was free a moment ago; whoever binds it must still cope with losing the race. */
export async function freeLoopbackPort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(lowestPort, highestPort + 1)
    if (await canListen(port)) return port
  }
  throw new Error(`No free TCP port between ${lowestPort} and ${highestPort} on 127.0.0.1 after 100 tries`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
