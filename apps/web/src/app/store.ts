import { useSyncExternalStore } from 'react'

/** A value that lives outside React and tells whoever listens that it changed. */
export type Store<State> = {
  get: () => State
  set: (next: State | ((current: State) => State)) => void
  subscribe: (listener: () => void) => () => void
}

/** Anything a component can follow: a store, or a part of the client that has the same two methods. */
export type Readable<State> = Pick<Store<State>, 'get' | 'subscribe'>

/** Makes a store; setting the same value again tells nobody. */
export function createStore<State>(initial: State): Store<State> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set(next) {
      const value = typeof next === 'function' ? (next as (current: State) => State)(state) : next
      if (Object.is(value, state)) return
      state = value
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Follows a store from a component. */
export function useStore<State>(store: Readable<State>): State {
  return useSyncExternalStore(store.subscribe, store.get, store.get)
}
