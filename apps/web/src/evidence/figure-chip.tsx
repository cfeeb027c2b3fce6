import type { Claim } from '@apex/protocol/claim'
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { strings } from '../strings.ts'
import { describeRange, queryLines } from './query-lines.ts'

/** A figure in prose: pressing it opens its evidence, pointing at it shows query, range and version. */
export function FigureChip({
  claim,
  claimId,
  number,
  open,
  onOpen,
  children,
}: {
  /** Absent while the report that carries the claims is not published yet. */
  claim: Claim | undefined
  claimId: string
  number: number
  open: boolean
  onOpen: () => void
  children: ReactNode
}) {
  const chip = (
    <button
      type="button"
      className="fig"
      aria-expanded={open}
      aria-controls={open ? 'evidence' : undefined}
      data-claim={claimId}
      onClick={onOpen}
      disabled={!claim}
    >
      {children}
      <sup aria-hidden="true">{number}</sup>
      <span className="sr">, {strings.evidence.chip(number)}</span>
    </button>
  )
  if (!claim) return chip
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{chip}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          <code>
            {queryLines(claim.question, claim.params)
              .map(({ key, value }) => (key === 'ask' ? value : `${key} ${value}`))
              .join(', ')}
          </code>
          {describeRange(claim.params)}, {claim.dataVersion.priceVersion}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
