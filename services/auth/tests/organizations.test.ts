import { AcceptInvitation } from '@apex/protocol/endpoints/auth/accept-invitation'
import { CreateInvitation } from '@apex/protocol/endpoints/auth/create-invitation'
import { CreateOrganization } from '@apex/protocol/endpoints/auth/create-organization'
import { ListInvitations } from '@apex/protocol/endpoints/auth/list-invitations'
import { ListMembers } from '@apex/protocol/endpoints/auth/list-members'
import { GetMe } from '@apex/protocol/endpoints/auth/me'
import { PreviewInvitation } from '@apex/protocol/endpoints/auth/preview-invitation'
import { RevokeInvitation } from '@apex/protocol/endpoints/auth/revoke-invitation'
import { SwitchOrganization } from '@apex/protocol/endpoints/auth/switch-organization'
import { MintToken } from '@apex/protocol/endpoints/auth/token'
import { describe, expect, test } from 'vitest'
import { type Auth, claimsOf, startAuth, strongPassword } from './auth-fixture.ts'

async function asOwner(auth: Auth): Promise<string> {
  return (await auth.signIn(auth.owner.email, auth.owner.password)).token
}

describe('an invitation', () => {
  test('makes an account in the organisation, once', async () => {
    const auth = await startAuth()
    const token = await asOwner(auth)
    const { invitation, token: link } = await auth.call(CreateInvitation, {
      token,
      body: { email: 'New@Apex.example', role: 'viewer' },
    })
    expect(invitation).toMatchObject({ email: 'new@apex.example', role: 'viewer', state: 'pending' })
    expect(Buffer.from(link, 'base64url')).toHaveLength(32)
    expect(await auth.call(PreviewInvitation, { body: { token: link } })).toMatchObject({
      email: 'new@apex.example',
      organizationName: 'First',
      role: 'viewer',
      hasAccount: false,
    })

    const body = { token: link, name: 'New', password: strongPassword, transport: 'token' }
    const joined = await auth.call(AcceptInvitation, { body })
    expect(joined).toMatchObject({ role: 'viewer', organization: { id: auth.owner.organizationId } })
    const { accessToken } = await auth.call(MintToken, { token: joined.sessionToken ?? '' })
    expect(claimsOf(accessToken)).toMatchObject({ role: 'viewer', scope: 'read' })

    expect((await auth.refusal(AcceptInvitation, { body })).code).toBe('gone')
    expect((await auth.refusal(PreviewInvitation, { body: { token: link } })).code).toBe('gone')
    const { members } = await auth.call(ListMembers, { token })
    expect(members.map(({ email, role }) => ({ email, role }))).toEqual([
      { email: 'owner@apex.example', role: 'owner' },
      { email: 'new@apex.example', role: 'viewer' },
    ])
  })

  test('accepted twice at once makes one account', async () => {
    const auth = await startAuth()
    const token = await asOwner(auth)
    const { token: link } = await auth.call(CreateInvitation, { token, body: { email: 'new@apex.example' } })
    const body = { token: link, name: 'New', password: strongPassword, transport: 'token' }
    const answers = await Promise.all([auth.send(AcceptInvitation, { body }), auth.send(AcceptInvitation, { body })])

    expect(answers.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([201, 410])
    expect((await auth.call(ListMembers, { token })).members).toHaveLength(2)
  })

  test('is stored as a hash, expires after seven days, and can be withdrawn', async () => {
    const auth = await startAuth()
    const token = await asOwner(auth)
    const first = await auth.call(CreateInvitation, { token, body: { email: 'a@apex.example' } })
    const second = await auth.call(CreateInvitation, { token, body: { email: 'b@apex.example' } })
    const stored = JSON.stringify(await auth.sql`select row_to_json(i)::text as text from invitations i`)
    expect(stored).not.toContain(first.token)

    expect((await auth.refusal(CreateInvitation, { token, body: { email: 'a@apex.example' } })).code).toBe('conflict')
    await auth.call(RevokeInvitation, { token, params: { invitationId: first.invitation.id } })
    expect((await auth.refusal(PreviewInvitation, { body: { token: first.token } })).detail).toContain('withdrawn')
    expect((await auth.refusal(RevokeInvitation, { token, params: { invitationId: first.invitation.id } })).code).toBe(
      'not_found',
    )

    auth.advance(7 * 86_400_000 + 1)
    expect((await auth.refusal(PreviewInvitation, { body: { token: second.token } })).detail).toContain('expired')
    const states = (await auth.call(ListInvitations, { token })).invitations.map((each) => each.state)
    expect(states).toEqual(['expired', 'revoked'])
    await auth.call(CreateInvitation, { token, body: { email: 'b@apex.example' } })
  })

  test('for a person with an account asks for their password and adds the organisation', async () => {
    const auth = await startAuth()
    const token = await asOwner(auth)
    const second = await auth.call(CreateOrganization, { token, body: { name: 'Second' } })
    const guest = await auth.join(token, 'guest@apex.example')
    await auth.call(SwitchOrganization, { token, body: { organizationId: second.organization.id } })
    const { token: link } = await auth.call(CreateInvitation, {
      token,
      body: { email: 'guest@apex.example', role: 'admin' },
    })

    expect(await auth.call(PreviewInvitation, { body: { token: link } })).toMatchObject({ hasAccount: true })
    const wrong = { token: link, name: 'x', password: 'wrong-password-1', transport: 'token' }
    expect((await auth.refusal(AcceptInvitation, { body: wrong })).code).toBe('unauthenticated')
    const joined = await auth.call(AcceptInvitation, { body: { ...wrong, password: strongPassword } })
    expect(joined.user.id).toBe(guest.user.id)
    expect(joined.organization.name).toBe('Second')
    expect(joined.organizations.map(({ name, role }) => ({ name, role }))).toEqual([
      { name: 'First', role: 'member' },
      { name: 'Second', role: 'admin' },
    ])
  })

  test('refuses weak passwords and unknown links, and is the only way to an account', async () => {
    const auth = await startAuth()
    const token = await asOwner(auth)
    const { token: link } = await auth.call(CreateInvitation, { token, body: { email: 'mallory@apex.example' } })
    const accept = (given: string, password: string) =>
      auth.refusal(AcceptInvitation, { body: { token: given, name: 'x', password, transport: 'token' } })

    expect((await accept(link, 'short')).code).toBe('unprocessable')
    expect((await accept(link, 'mallory-mallory')).code).toBe('unprocessable')
    expect((await accept('guess', strongPassword)).code).toBe('not_found')
    const signUp = await auth.service.fetch(
      new Request('https://apex.example/api/auth/sign-up/email', { method: 'POST' }),
    )
    expect(signUp.status).toBe(404)
  })

  test('members and viewers may not invite', async () => {
    const auth = await startAuth()
    const token = await asOwner(auth)
    for (const role of ['member', 'viewer']) {
      const person = await auth.join(token, `${role}@apex.example`, role)
      expect(
        (await auth.refusal(CreateInvitation, { token: person.token, body: { email: 'x@apex.example' } })).code,
      ).toBe('forbidden')
      expect((await auth.refusal(ListInvitations, { token: person.token })).code).toBe('forbidden')
      expect((await auth.refusal(CreateOrganization, { token: person.token, body: { name: 'Mine' } })).code).toBe(
        'forbidden',
      )
    }
  })
})

describe('two organisations', () => {
  async function twoOrganizations() {
    const auth = await startAuth()
    const token = await asOwner(auth)
    const second = await auth.call(CreateOrganization, { token, body: { name: 'Second' } })
    const a = await auth.join(token, 'a@apex.example', 'admin')
    await auth.call(SwitchOrganization, { token, body: { organizationId: second.organization.id } })
    const b = await auth.join(token, 'b@apex.example', 'admin')
    const invitation = await auth.call(CreateInvitation, { token: b.token, body: { email: 'pending@apex.example' } })
    return { ...auth, second: second.organization, a, b, invitation }
  }

  test('see neither each other’s members nor invitations, with known ids too', async () => {
    const { call, refusal, a, b, invitation, second } = await twoOrganizations()
    const emails = async (token: string) => (await call(ListMembers, { token })).members.map((each) => each.email)

    expect(await emails(a.token)).toEqual(['owner@apex.example', 'a@apex.example'])
    expect(await emails(b.token)).toEqual(['owner@apex.example', 'b@apex.example'])
    const invited = async (token: string) =>
      (await call(ListInvitations, { token })).invitations.map((each) => each.email)
    expect(await invited(a.token)).toEqual(['a@apex.example'])
    expect(
      (await refusal(RevokeInvitation, { token: a.token, params: { invitationId: invitation.invitation.id } })).code,
    ).toBe('not_found')
    expect((await refusal(SwitchOrganization, { token: a.token, body: { organizationId: second.id } })).code).toBe(
      'not_found',
    )
    expect((await call(GetMe, { token: a.token })).organization.name).toBe('First')
    expect(await call(PreviewInvitation, { body: { token: invitation.token } })).toMatchObject({
      organizationName: 'Second',
    })
  })

  test('switching changes the next token, and the next sign-in starts there', async () => {
    const { call, signIn, owner, second } = await twoOrganizations()
    const { token } = await signIn(owner.email, owner.password)
    expect((await call(GetMe, { token })).organization.id).toBe(second.id)

    await call(SwitchOrganization, { token, body: { organizationId: owner.organizationId } })
    expect(claimsOf((await call(MintToken, { token })).accessToken)).toMatchObject({ org: owner.organizationId })
  })

  test('a removed member falls back to what is left, and to nothing', async () => {
    const { call, refusal, sql, a, owner, signIn, second } = await twoOrganizations()
    const { token } = await signIn(owner.email, owner.password)
    await sql`delete from members where organization_id = ${second.id} and user_id = ${(await call(GetMe, { token })).user.id}`
    expect((await call(GetMe, { token })).organization.id).toBe(owner.organizationId)

    await sql`delete from members where user_id = ${a.user.id}`
    expect((await refusal(MintToken, { token: a.token })).code).toBe('forbidden')
  })
})
