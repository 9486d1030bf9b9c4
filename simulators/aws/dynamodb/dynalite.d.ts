/** The package has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http'

  function dynalite(options: { readonly createTableMs: number }): Server
  export = dynalite
}
