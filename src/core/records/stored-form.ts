/**
 * The form of a DynamoDB table that this release reads and writes: which items there are, their attributes, and the JSON
 * in them. Releases with the same form can take turns. A new form needs a new number, a migration and a new record in
 * `test/released` (docs/decisions/0021).
 */
export const TABLE_FORM = 1

/** A store has a form that this release cannot use, and was not changed. The message says what to do. */
export class RefusedForm extends Error {
  override readonly name = 'RefusedForm'
}

/** What `RefusedForm` says of a store of another release. `store`: its file or table. */
export function otherForm(store: string, found: number, own: number): string {
  const remedy =
    found > own
      ? 'A newer Hookline wrote it. Install that one again, or restore a backup from before the upgrade'
      : 'An earlier Hookline wrote it. Upgrade by the steps of the changelog'
  return `${store} has form ${found}; this Hookline uses form ${own}. Nothing was changed. ${remedy} (docs/operating.md, "Upgrade").`
}

/** What `RefusedForm` says of a store from before 0.1.0. */
export function unreleasedForm(store: string, remedy: string): string {
  return `${store} was written by a Hookline from before 0.1.0, which no release reads. Nothing was changed. Export its templates and routes with the Hookline that wrote it (hookline templates export, hookline routes export). Then ${remedy}, and import them.`
}
