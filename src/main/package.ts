import { readFileSync } from 'node:fs'

export type Package = { readonly version: string; readonly engines?: { readonly node: string } }

/** The package.json of the clone or of the installed package. */
export function readPackage(): Package {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package
}
