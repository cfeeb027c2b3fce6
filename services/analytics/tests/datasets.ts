import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const root = process.env.APEX_DATASETS ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))

/** The bytes of a file of the public data sets; fails with what to set when they are not there. */
export function dataset(path: string): Buffer<ArrayBuffer> {
  const file = `${root}/${path}`
  if (!existsSync(file)) throw new Error(`The data set ${path} is not at ${root}: set APEX_DATASETS to its folder.`)
  return readFileSync(file)
}

/** The same as text, decompressed. */
export function datasetText(path: string): string {
  return gunzipSync(dataset(path)).toString('utf8')
}
