import { isIPv6 } from 'node:net'

export type ServerAddress = {
  /** The address people use, without a slash at its end. */
  url: string
  /** Origins of its own pages: the public one, and those of this machine. */
  origins: readonly string[]
  /** Host headers under which requests for it arrive. */
  hosts: ReadonlySet<string>
  https: boolean
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** What the server is called: the public address if there is one, otherwise where it listens on this machine. */
export function serverAddress(listening: { host: string; port: number }, publicUrl: string | undefined): ServerAddress {
  const { host, port } = listening
  const url = publicUrl ?? `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
  const local = loopbackNames.map((name) => `http://${name}:${port}`)
  const origins = [...new Set([new URL(url).origin, ...local.map((each) => new URL(each).origin)])]
  return { url, origins, hosts: new Set(origins.map((each) => new URL(each).host)), https: url.startsWith('https://') }
}

/** Whether an address belongs to the machine itself. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address)
}
