import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { PanelLeft } from 'lucide-react'
import { useWorkspace } from '../app/app-context.tsx'
import { importsQuery } from '../app/queries.ts'
import { usePageTitle } from '../parts/page-title.ts'
import { Bone } from '../parts/skeleton.tsx'
import { PATHS } from '../paths.ts'
import { LoadSampleButton } from '../sources/load-sample-button.tsx'
import { strings } from '../strings.ts'
import { Composer } from './composer.tsx'

const words = strings.chat

/** Where a conversation begins: what can be asked, or what to connect when there is nothing to ask about. */
export function NewConversation({
  onSend,
  onShowThreads,
}: {
  onSend: (text: string) => void
  onShowThreads: () => void
}) {
  usePageTitle(words.newThreadTitle)
  return (
    <main className="talk" id="main" tabIndex={-1}>
      <div className="talk-head">
        <button
          type="button"
          className="ghost square only-narrow"
          aria-label={words.openThreads}
          onClick={onShowThreads}
        >
          <PanelLeft className="icon" aria-hidden="true" />
        </button>
        <h1>{words.newThreadTitle}</h1>
      </div>
      <div className="talk-log">
        <div className="talk-in begin">
          <Beginning onSend={onSend} />
        </div>
      </div>
      <Composer
        draftKey="new"
        busy={false}
        stopping={false}
        lastMessage={undefined}
        held={[]}
        onRelease={() => ''}
        actions={{ send: onSend }}
      />
    </main>
  )
}

function Beginning({ onSend }: { onSend: (text: string) => void }) {
  const { client, me } = useWorkspace()
  const { data, isLoading } = useQuery(importsQuery(client))
  if (isLoading) return <BeginningSkeleton />
  // When the list cannot be read, asking is still possible: the answer says what is missing.
  const empty = data !== undefined && !data.some(({ state, accepted }) => state === 'committed' && accepted > 0)
  const canImport = me.role !== 'viewer'
  return (
    <>
      <h2>{empty ? words.empty.noDataTitle : words.empty.title}</h2>
      <p className="second">{empty ? words.empty.noData : words.empty.lead}</p>
      {empty && canImport && (
        <>
          <div className="actions">
            <LoadSampleButton primary />
            <Link className="btn tall" to={PATHS.sources}>
              {words.empty.importFile}
            </Link>
          </div>
          <p className="quiet small">{words.empty.sampleNote}</p>
        </>
      )}
      <h3>{empty ? words.empty.afterwards : words.empty.ask}</h3>
      <ul className="suggestions">
        {words.empty.suggestions.map((question) => (
          <li key={question}>
            {empty ? (
              <span>{question}</span>
            ) : (
              <button type="button" onClick={() => onSend(question)}>
                {question}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function BeginningSkeleton() {
  return (
    <div aria-busy="true" className="stack">
      <Bone width="46%" height="1.6em" />
      <Bone width="80%" />
      {words.empty.suggestions.map((question) => (
        <Bone key={question} width="60%" />
      ))}
    </div>
  )
}
