import { useWorkspace } from '../app/app-context.tsx'
import { usePageTitle } from '../parts/page-title.ts'
import { strings } from '../strings.ts'
import { ImportSection } from './import-section.tsx'
import { ImportsList } from './imports-list.tsx'
import { OtherWays } from './other-ways.tsx'
import '../styles/sources.css'

const words = strings.sources

/** Where calls come from: files, JSON batches, the terminal; and what became of each import. */
export function SourcesPage() {
  usePageTitle(words.title)
  const { me } = useWorkspace()
  const readOnly = me.role === 'viewer'
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <div>
          <h1>{words.title}</h1>
          <p>{readOnly ? words.readOnly : words.lead}</p>
        </div>
      </div>
      {!readOnly && <ImportSection />}
      <ImportsList readOnly={readOnly} />
      <OtherWays />
    </main>
  )
}
