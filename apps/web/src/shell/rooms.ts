import { PATHS } from '../paths.ts'
import { strings } from '../strings.ts'

/** The rooms there are, in the order they are shown. */
export const ROOMS = [
  { to: PATHS.chat, name: strings.rooms.chat },
  { to: PATHS.sources, name: strings.rooms.sources },
  { to: PATHS.settings, name: strings.rooms.settings },
] as const
