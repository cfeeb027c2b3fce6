import { CreateInvitation } from '@apex/protocol/endpoints/auth/create-invitation'
import { ListInvitations } from '@apex/protocol/endpoints/auth/list-invitations'
import { RevokeInvitation } from '@apex/protocol/endpoints/auth/revoke-invitation'
import type { Invitation } from '@apex/protocol/identity'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useWorkspace } from '../app/app-context.tsx'
import { formatDateTime } from '../format/instant.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Field } from '../parts/field.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { SkeletonRows } from '../parts/skeleton.tsx'
import { invitationLink } from '../paths.ts'
import { strings } from '../strings.ts'

const words = strings.settings
const ROLES = ['member', 'admin', 'viewer'] as const

/** Invites people and withdraws invitations; for owners and admins. */
export function InvitationsSection() {
  const { client } = useWorkspace()
  const queries = useQueryClient()
  const [withdrawing, setWithdrawing] = useState<Invitation>()
  const invitations = useQuery({
    queryKey: ['invitations'],
    queryFn: ({ signal }) => client.call(ListInvitations, { signal }),
    select: (data) => data.invitations,
  })

  async function withdraw(invitation: Invitation) {
    await client.call(RevokeInvitation, { params: { invitationId: invitation.id } })
    await queries.invalidateQueries({ queryKey: ['invitations'] })
  }

  return (
    <section className="sec" aria-labelledby="invitations">
      <div className="sec-head">
        <h2 id="invitations">{words.invitations}</h2>
        <p>{words.inviteLead}</p>
      </div>
      <InviteForm />
      {invitations.error ? (
        <ProblemNotice error={invitations.error} onRetry={() => void invitations.refetch()} />
      ) : (
        <table className="listing" aria-busy={invitations.isLoading}>
          <tbody>
            {invitations.data?.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                onWithdraw={() => setWithdrawing(invitation)}
              />
            )) ?? <SkeletonRows rows={1} columns={3} />}
          </tbody>
        </table>
      )}
      {invitations.data?.length === 0 && <p className="quiet">{words.noInvitations}</p>}
      <ConfirmDialog
        open={withdrawing !== undefined}
        onClose={() => setWithdrawing(undefined)}
        title={words.withdrawTitle}
        body={words.withdrawBody}
        action={words.withdraw}
        onConfirm={async () => withdrawing && (await withdraw(withdrawing))}
      />
    </section>
  )
}

function InviteForm() {
  const { client } = useWorkspace()
  const queries = useQueryClient()
  const roleId = useId()
  const invite = useMutation({
    mutationFn: (body: { email: string; role: (typeof ROLES)[number] }) => client.call(CreateInvitation, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  })

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const role = ROLES.find((name) => name === given.get('role')) ?? 'member'
    await invite.mutateAsync({ email: formText(given, 'email').trim(), role }).then(
      () => form.reset(),
      () => undefined,
    )
  }

  return (
    <>
      <form className="inline-form" onSubmit={(event) => void submit(event)}>
        <Field label={words.inviteEmail} name="email" type="email" required autoComplete="off" />
        <div className="field">
          <label htmlFor={roleId}>{words.role}</label>
          <select id={roleId} name="role" defaultValue="member">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {words.roles[role]}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" className="btn primary tall" disabled={invite.isPending}>
          {invite.isPending ? words.inviting : words.invite}
        </button>
      </form>
      {invite.error && <ProblemNotice error={invite.error} />}
      {invite.data && <ReadyLink email={invite.data.invitation.email} token={invite.data.token} />}
    </>
  )
}

function ReadyLink({ email, token }: { email: string; token: string }) {
  const link = invitationLink(window.location.origin, token)
  return (
    <output className="notice">
      <div>
        <b>{words.linkReady(email)}</b>
        <p>{words.linkOnce}</p>
        <p className="link-line">
          <input
            className="input mono"
            readOnly
            value={link}
            aria-label={words.linkReady(email)}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton className="btn tall" text={link} label={words.copyLink} />
        </p>
      </div>
    </output>
  )
}

function InvitationRow({ invitation, onWithdraw }: { invitation: Invitation; onWithdraw: () => void }) {
  return (
    <tr>
      <th scope="row">
        {invitation.email}
        <small>{words.roles[invitation.role]}</small>
      </th>
      <td className="second">
        {words.states[invitation.state]}
        {invitation.state === 'pending' && <small>{`${words.expires} ${formatDateTime(invitation.expiresAt)}`}</small>}
      </td>
      <td className="n">
        {invitation.state === 'pending' && (
          <button type="button" className="btn" onClick={onWithdraw}>
            {words.withdraw}
          </button>
        )}
      </td>
    </tr>
  )
}
