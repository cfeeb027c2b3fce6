import { type Endpoint, type EndpointAuth } from '@apex/protocol/endpoint'
import { Problem } from '@apex/protocol/error'
import { z } from 'zod'

type Json = Record<string, unknown>

/** Describes every endpoint as an OpenAPI 3.1 document, from the same descriptors that route and validate requests. */
export function createOpenApi(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Netra Apex', version },
    paths,
    components: {
      schemas: { Problem: schema(Problem, 'output') },
      securitySchemes: {
        access: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A 5-minute access token.' },
        delegation: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "A run's delegation token." },
        session: { type: 'http', scheme: 'bearer', description: 'A session token.' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-session', description: 'The session of a browser.' },
      },
    },
  }
}

const security: Record<EndpointAuth, Json[]> = {
  public: [],
  session: [{ cookie: [] }, { session: [] }],
  access: [{ access: [] }],
  delegated: [{ access: [] }, { delegation: [] }],
  delegation: [{ delegation: [] }],
}

function operation(endpoint: Endpoint): Json {
  const body = requestBody(endpoint)
  return {
    operationId: endpoint.name,
    tags: [endpoint.service],
    summary: endpoint.summary,
    security: security[endpoint.auth],
    parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
    ...(body ? { requestBody: body } : {}),
    responses: {
      [endpoint.status ?? 200]: success(endpoint),
      default: {
        description: `A problem. Worth telling apart here: ${endpoint.errors?.join(', ') ?? 'none in particular'}.`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function requestBody({ body, rawBody }: Endpoint): Json | undefined {
  if (rawBody) return { required: true, content: { 'application/octet-stream': {} } }
  return body && { required: true, content: { 'application/json': { schema: schema(body, 'input') } } }
}

function success({ response, rawResponse, status }: Endpoint): Json {
  const description = 'Done.'
  if (status === 204) return { description }
  if (rawResponse) return { description, content: { [rawResponse]: {} } }
  return { description, content: { 'application/json': { schema: schema(response, 'output') } } }
}

function parameters(group: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!group) return []
  const { properties = {}, required = [] } = schema(group, 'input') as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: each,
  }))
}

function schema(type: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(type, { io, unrepresentable: 'any', reused: 'inline' }) as Json
  return rest
}
