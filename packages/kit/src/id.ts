import { v7 as uuidv7 } from 'uuid'

/** A new UUID version 7: unique, and sorting by the time it was made. */
export function newId(): string {
  return uuidv7()
}
