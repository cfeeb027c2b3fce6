import { Tabs } from 'radix-ui'
import { useWorkspace } from '../app/app-context.tsx'
import { usePageTitle } from '../parts/page-title.ts'
import { strings } from '../strings.ts'
import { AgentsSection } from './agents-section.tsx'
import { InvitationsSection } from './invitations-section.tsx'
import { MembersSection } from './members-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import '../styles/settings.css'

const words = strings.settings

/** The person, the people they work with, and the agents that work for them. */
export function SettingsPage() {
  usePageTitle(words.title)
  const { me } = useWorkspace()
  const manages = me.role === 'owner' || me.role === 'admin'
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>{words.title}</h1>
      </div>
      <Tabs.Root defaultValue="profile">
        <Tabs.List className="tabs" aria-label={words.title}>
          <Tabs.Trigger value="profile">{words.tabs.profile}</Tabs.Trigger>
          <Tabs.Trigger value="people">{words.tabs.people}</Tabs.Trigger>
          <Tabs.Trigger value="agents">{words.tabs.agents}</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="profile" className="tab">
          <ProfileSection />
          <PasswordSection />
          <SessionsSection />
        </Tabs.Content>
        <Tabs.Content value="people" className="tab">
          <MembersSection />
          {manages && <InvitationsSection />}
        </Tabs.Content>
        <Tabs.Content value="agents" className="tab">
          <AgentsSection />
        </Tabs.Content>
      </Tabs.Root>
    </main>
  )
}

function ProfileSection() {
  const { me } = useWorkspace()
  return (
    <section className="sec first" aria-labelledby="profile">
      <div className="sec-head">
        <h2 id="profile">{words.profile}</h2>
      </div>
      <dl className="facts narrow">
        <dt>{words.name}</dt>
        <dd>{me.user.name}</dd>
        <dt>{words.email}</dt>
        <dd>{me.user.email}</dd>
        <dt>{words.organization}</dt>
        <dd>{me.organization.name}</dd>
        <dt>{words.role}</dt>
        <dd>{words.roles[me.role]}</dd>
      </dl>
    </section>
  )
}
