import type { ChangeSet, Cloud } from '../terminal/cloud.ts'
import type { CloudContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'
import { labelOfType } from './resource-labels.ts'

/** Waits until CloudFormation has worked a change set out; undefined when there is nothing to change. */
export async function waitForChangeSet(
  cloud: Cloud,
  context: CloudContext,
  stack: string,
  name: string,
): Promise<ChangeSet | undefined> {
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const changeSet = await cloud.stacks.readChangeSet(stack, name)
    if (changeSet.status === 'CREATE_COMPLETE') return changeSet
    if (changeSet.status === 'FAILED') {
      const { reason = 'it gives no reason' } = changeSet
      if (/didn't contain changes|No updates are to be performed/i.test(reason)) return undefined
      // The details of what it checks early are events, which go with the change set.
      const details = /validation/i.test(reason) ? await cloud.stacks.validationProblems(stack, name) : []
      const why = [reason, ...details].join('\n  ')
      throw new Problem('usage', `CloudFormation refused the change: ${why}\nNothing was deployed.`)
    }
    await context.pause(POLL_MS)
  }
  throw new Problem('unreachable', 'CloudFormation did not work the change out in ten minutes. Try again.')
}

/** What will happen, in a table; and a warning where data would be lost. */
export function describeChanges({ changes }: ChangeSet): string {
  const rows = changes.map(({ action, type, resource, replacement }) => [
    ACTIONS[action] ?? action.toLowerCase(),
    labelOfType(type),
    resource,
    type,
    REPLACED[replacement ?? ''] ?? '',
  ])
  const lost = changes.filter(
    ({ action, replacement = 'False', type }) =>
      KEEPS_DATA.has(type) && (action === 'Remove' || (action === 'Modify' && replacement !== 'False')),
  )
  const warning =
    lost.length === 0
      ? ''
      : `\n\nCareful: what is in these may be lost: ${lost.map(({ type, resource }) => `${labelOfType(type)} ${resource}`).join(', ')}.`
  return `${table(['change', 'what', 'name', 'type', 'replaced'], rows)}${warning}`
}

const ACTIONS: Readonly<Record<string, string | undefined>> = {
  Add: 'new',
  Modify: 'changed',
  Remove: 'removed',
}
const REPLACED: Readonly<Record<string, string | undefined>> = { True: 'yes', Conditional: 'perhaps' }
const KEEPS_DATA = new Set(['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret', 'AWS::KMS::Key'])
const POLL_MS = 2_000
const POLLS_MAX = 300
