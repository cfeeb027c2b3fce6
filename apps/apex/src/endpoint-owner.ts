import type { Endpoint } from '@apex/protocol/endpoint'

export type ServiceName = Endpoint['service']

/** Finds the service that owns an address, from the endpoint descriptors alone; undefined when nobody does. */
export function createEndpointOwner(endpoints: readonly Endpoint[]): (path: string) => ServiceName | undefined {
  const root: Node = { children: new Map() }
  for (const { path, service } of endpoints) insert(root, path.split('/').slice(1), service, path)
  return (path) => (/^\/api\/auth(?:\/|$)/.test(path) ? 'auth' : find(root, path.split('/').slice(1)))
}

type Node = { children: Map<string, Node>; parameter?: Node; owner?: ServiceName }

function insert(from: Node, segments: readonly string[], service: ServiceName, path: string): void {
  let node = from
  for (const segment of segments) node = segment.startsWith(':') ? parameterOf(node) : childOf(node, segment)
  if (node.owner && node.owner !== service) {
    throw new Error(`${path} is declared by both ${node.owner} and ${service}; an address has one owner`)
  }
  node.owner = service
}

function parameterOf(node: Node): Node {
  node.parameter ??= { children: new Map() }
  return node.parameter
}

function childOf(node: Node, segment: string): Node {
  const child = node.children.get(segment) ?? { children: new Map() }
  node.children.set(segment, child)
  return child
}

// A literal segment wins over a parameter, but only if the rest of the address fits there.
function find(node: Node, [segment, ...rest]: readonly string[]): ServiceName | undefined {
  if (segment === undefined) return node.owner
  const child = node.children.get(segment)
  const literal = child && find(child, rest)
  if (literal) return literal
  return node.parameter && segment !== '' ? find(node.parameter, rest) : undefined
}
