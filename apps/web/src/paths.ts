import { AddCalls } from '@apex/protocol/endpoints/analytics/add-calls'
import { SignIn } from '@apex/protocol/endpoints/auth/sign-in'
import { MintToken } from '@apex/protocol/endpoints/auth/token'

/** Every address inside the app, in the router's notation. */
export const PATHS = {
  home: '/',
  signIn: '/sign-in',
  invite: '/invite',
  chat: '/chat',
  thread: '/chat/$threadId',
  report: '/reports/$runId',
  sources: '/sources',
  settings: '/settings',
} as const

/** The API lives on the page's own origin. */
export const API_BASE = ''

/** Addresses of endpoints as an outside program calls them, from the endpoints' own descriptors. */
export const batchUrl = (origin: string) => origin + AddCalls.path
export const signInUrl = (origin: string) => origin + SignIn.path
export const tokenUrl = (origin: string) => origin + MintToken.path

/** A figure inside a thread: the run that published it and the claim's id within that run. */
export type FigureRef = { runId: string; claimId: string }

/** A figure as the `figure` search parameter, such as `0197…-….share-of-cost`. */
export function figureParam({ runId, claimId }: FigureRef): string {
  return `${runId}.${claimId}`
}

/** Reads the `figure` search parameter; anything else is no figure. */
export function parseFigureParam(value: string | undefined): FigureRef | undefined {
  const match = /^([0-9a-f-]{36})\.([a-z-]{1,100})$/.exec(value ?? '')
  return match ? { runId: match[1] as string, claimId: match[2] as string } : undefined
}

/** The full address that opens a figure in its thread. */
export function figureLink(origin: string, threadId: string, figure: FigureRef): string {
  return `${origin}/chat/${threadId}?figure=${figureParam(figure)}`
}

/** The address of an invitation; the token stands after `#` so that no server ever logs it. */
export function invitationLink(origin: string, token: string): string {
  return `${origin}${PATHS.invite}#${token}`
}

/** Where to go after signing in: only a path of this app, else the chat. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : PATHS.chat
}
