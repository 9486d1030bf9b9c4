import { otherForm, RefusedForm, TABLE_FORM, unreleasedForm } from '../../core/records/stored-form.ts'
import { keys } from './keys.ts'
import { createPauses, waitFor } from './pauses.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable } from './table.ts'

/**
 * Rejects with `RefusedForm` if the table has a form that this release cannot use, or with DynamoDB's error. The first
 * change of the policy writes the form; a table without a policy is new. One read.
 */
export async function checkForm({
  call,
  table: name,
}: Pick<DynamoStoreOptions, 'call' | 'table'>): Promise<void> {
  const head = await openTable(call, name, createPauses(waitFor, Math.random)).get(keys.policy)
  if (head === undefined) return
  const store = `The table ${name}`
  if (head.form?.N === undefined) throw new RefusedForm(unreleasedForm(store, MAKE_ANOTHER))
  const form = Number(head.form.N)
  if (form !== TABLE_FORM) throw new RefusedForm(otherForm(store, form, TABLE_FORM))
}

const MAKE_ANOTHER = 'make another deployment (hookline deploy --stack <another name>), use its table'
