import { useEffect, useState } from 'react'
import { strings } from '../strings.ts'

/** Copies a text and says so for a moment; where the clipboard is denied, it says that instead. */
export function CopyButton({
  text,
  label,
  className = 'ghost',
}: {
  text: string | (() => string)
  label: string
  className?: string
}) {
  const [said, setSaid] = useState<string>()

  useEffect(() => {
    if (!said) return undefined
    const timer = setTimeout(() => setSaid(undefined), 2000)
    return () => clearTimeout(timer)
  }, [said])

  async function copy() {
    const value = typeof text === 'function' ? text() : text
    setSaid((await copyText(value)) ? strings.copied : strings.copyDenied)
  }

  return (
    <button type="button" className={className} onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  )
}

// Outside a secure context there is no clipboard API; the old command still copies from a selection.
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'sr'
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
