import { BusyError } from '@apex/kit/app-error'

/** A bounded number of places for heavy work, and fewer for one organisation; who finds none is refused at once. */
export class Slots {
  readonly #total: number
  readonly #perOrganization: number
  readonly #taken = new Map<string, number>()

  constructor({ total, perOrganization }: { total: number; perOrganization: number }) {
    this.#total = total
    this.#perOrganization = perOrganization
  }

  /** Takes a place until disposal; throws `BusyError` when there is none. */
  take(organizationId: string): Disposable {
    const own = this.#taken.get(organizationId) ?? 0
    const all = [...this.#taken.values()].reduce((sum, each) => sum + each, 0)
    if (own >= this.#perOrganization || all >= this.#total) {
      throw new BusyError('Other imports are still running. Wait for one to finish, then try again.', 5_000)
    }
    this.#taken.set(organizationId, own + 1)
    return { [Symbol.dispose]: () => this.#release(organizationId) }
  }

  #release(organizationId: string): void {
    const left = (this.#taken.get(organizationId) ?? 1) - 1
    if (left > 0) this.#taken.set(organizationId, left)
    else this.#taken.delete(organizationId)
  }
}
