import type { Template, TemplateResource } from '../template/template.ts'
import type { Faults } from './faults.ts'
import type { Change, ChangeSet, Stack, Step } from './stack.ts'

/** The steps of a stack after a change set is executed; `problemOf` says which resources cannot be applied. */
export function courseOfChange(
  stack: Stack,
  { changes, template, parameters }: ChangeSet,
  problemOf: (change: Change, declared: TemplateResource) => string | undefined,
  finish: () => void,
): Step[] {
  const isFirst = stack.status === 'REVIEW_IN_PROGRESS'
  const verb = isFirst ? 'CREATE' : 'UPDATE'
  const steps: Step[] = [{ status: `${verb}_IN_PROGRESS`, reason: 'User Initiated' }]
  const started: Change[] = []
  const applied = changes.filter(({ action }) => action !== 'Remove')
  for (const [index, change] of applied.entries()) {
    const { resource, type, action } = change
    const doing = action === 'Add' ? 'CREATE' : 'UPDATE'
    const declared = template.Resources[resource]
    const problem = declared === undefined ? undefined : problemOf(change, declared)
    started.push(change)
    steps.push({ resource, type, status: `${doing}_IN_PROGRESS` })
    if (problem !== undefined) {
      // Others that are still in progress are cancelled.
      const concurrent = applied[index + 1]
      if (concurrent !== undefined) started.push(concurrent)
      return [
        ...steps,
        { resource, type, status: `${doing}_FAILED`, reason: problem },
        ...(concurrent === undefined ? [] : [cancelled(concurrent, verb)]),
        ...back(isFirst, started, resource, template),
      ]
    }
    steps.push({ resource, type, status: `${doing}_COMPLETE` })
  }
  const removed = changes.filter(({ action }) => action === 'Remove')
  const forget = ({ resource }: Change) => stack.resources.delete(resource)
  if (!isFirst) steps.push({ status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' })
  for (const change of removed) {
    const { resource, type } = change
    steps.push({ resource, type, status: 'DELETE_COMPLETE', afterwards: () => forget(change) })
  }
  return [
    ...steps,
    {
      status: `${verb}_COMPLETE`,
      afterwards: () => {
        stack.template = template
        stack.parameters = parameters
        finish()
      },
    },
  ]
}

/** The steps of a stack that is deleted. */
export function courseOfDeletion(stack: Stack, { sticking = {} }: Faults): Step[] {
  const steps: Step[] = [{ status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' }]
  const stuck: string[] = []
  for (const [resource, { type }] of [...stack.resources].reverse()) {
    const reason = sticking[resource] ?? sticking[type]
    const isKept = stack.template?.Resources[resource]?.DeletionPolicy?.startsWith('Retain')
    if (isKept) steps.push({ resource, type, status: 'DELETE_SKIPPED' })
    else {
      steps.push({ resource, type, status: 'DELETE_IN_PROGRESS' })
      steps.push(
        reason === undefined
          ? { resource, type, status: 'DELETE_COMPLETE' }
          : { resource, type, status: 'DELETE_FAILED', reason },
      )
    }
    if (reason !== undefined) stuck.push(resource)
  }
  const reason = `The following resource(s) failed to delete: [${stuck.join(', ')}].`
  steps.push(stuck.length === 0 ? { status: 'DELETE_COMPLETE' } : { status: 'DELETE_FAILED', reason })
  return steps
}

function cancelled({ resource, type }: Change, verb: string): Step {
  const reason = verb === 'CREATE' ? 'Resource creation cancelled' : 'Resource update cancelled'
  return { resource, type, status: `${verb}_FAILED`, reason }
}

function back(
  isFirst: boolean,
  started: readonly Change[],
  failed: string,
  { Resources }: Template,
): readonly Step[] {
  // A resource with `Retain` stays in the account, in no stack; one with `RetainExceptOnCreate` does not.
  const statusOfRemoval = (resource: string): string =>
    resource !== failed && Resources[resource]?.DeletionPolicy === 'Retain'
      ? 'DELETE_SKIPPED'
      : 'DELETE_COMPLETE'
  const rolledBack: readonly Step[] = started
    .toReversed()
    .map(({ resource, type, action }) =>
      action === 'Add'
        ? { resource, type, status: statusOfRemoval(resource) }
        : { resource, type, status: 'UPDATE_COMPLETE' },
    )
  return isFirst
    ? [
        {
          status: 'ROLLBACK_IN_PROGRESS',
          reason: `The following resource(s) failed to create: [${failed}]. Rollback requested by user.`,
        },
        ...rolledBack,
        { status: 'ROLLBACK_COMPLETE' },
      ]
    : [
        {
          status: 'UPDATE_ROLLBACK_IN_PROGRESS',
          reason: `The following resource(s) failed to update: [${failed}].`,
        },
        ...rolledBack,
        { status: 'UPDATE_ROLLBACK_COMPLETE' },
      ]
}
