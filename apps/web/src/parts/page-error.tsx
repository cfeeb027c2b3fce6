import { strings } from '../strings.ts'

/** The page itself broke, or a new version of it was installed meanwhile: reloading mends both. */
export function PageError() {
  return (
    <main className="centre" id="main" tabIndex={-1}>
      <h1>{strings.problem.unknownTitle}</h1>
      <p className="second">{strings.problem.unknown}</p>
      <button type="button" className="btn" onClick={() => window.location.reload()}>
        {strings.link.reload}
      </button>
    </main>
  )
}
