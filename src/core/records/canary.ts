/**
 * The caller of a canary: a code of Hookline's own, to AWS's simulator, which shows that codes go out. No org has this
 * name: names of orgs have no blanks.
 */
export const CANARY_CALLER = 'hookline canary'

/**
 * The `eventId` of every canary, so that a store finds them without reading others. Each has another code. It begins as a
 * preview of ours (`OWN_PREVIEW`), so that the same canary is recognised.
 */
export const CANARY_EVENT_ID = 'hookline-canary'

export function isCanary({ caller }: { readonly caller: string }): boolean {
  return caller === CANARY_CALLER
}

/**
 * The text whose digest a canary's delivery has instead of that of its number: it counts for no limit of the number, and
 * no code to the number counts for its own.
 */
export function nameOfCanaryNumber(number: string): string {
  return `${CANARY_CALLER} ${number}`
}
