import { useEffect } from 'react'
import { strings } from '../strings.ts'

/** Names the page in the browser's tab and history. */
export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · ${strings.product}`
  }, [title])
}
