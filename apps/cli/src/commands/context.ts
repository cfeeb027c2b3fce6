import type { FetchLike } from '@apex/client/request'
import type { Terminal } from '../terminal.ts'

/** What every command gets: its surroundings and the network. */
export type CommandContext = { terminal: Terminal; fetch: FetchLike }
