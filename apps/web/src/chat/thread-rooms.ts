import { type RoomWorld, ThreadRoom } from './thread-room.ts'

/** The most threads followed at once; the socket carries more, but nobody reads more. */
const FOLLOWED = 12

/** The rooms of the threads a person looked at, the newest few of them kept up to date. */
export class ThreadRooms {
  readonly #world: RoomWorld
  readonly #rooms = new Map<string, ThreadRoom>()

  constructor(world: RoomWorld) {
    this.#world = world
  }

  /** The room of a thread, followed from now on; `isNew` for an id the server does not know yet. */
  enter(threadId: string, options: { isNew: boolean } = { isNew: false }): ThreadRoom {
    const room = this.#rooms.get(threadId) ?? new ThreadRoom(threadId, this.#world)
    // Last in the map is last looked at.
    this.#rooms.delete(threadId)
    this.#rooms.set(threadId, room)
    room.open(options)
    this.#closeOldest()
    return room
  }

  /** Forgets a thread that was deleted. */
  forget(threadId: string): void {
    this.#rooms.get(threadId)?.close()
    this.#rooms.delete(threadId)
  }

  /** The connection is back. */
  wake(): void {
    for (const room of this.#rooms.values()) room.wake()
  }

  close(): void {
    for (const room of this.#rooms.values()) room.close()
  }

  #closeOldest(): void {
    const idle = [...this.#rooms].filter(([, room]) => !room.isBusy() && room.get().held.length === 0)
    for (const [threadId, room] of idle.slice(0, Math.max(0, this.#rooms.size - FOLLOWED))) {
      room.close()
      this.#rooms.delete(threadId)
    }
  }
}
