import type { Stack } from '../template/stack.ts'
import { decide, type RequestedAction, type Statement } from './iam.ts'
import { policyOf } from './resource-policies.ts'

/** The caller: a function, by its role. */
export type Caller = {
  readonly function: string
  readonly roleArn: string
  readonly statements: readonly Statement[]
}

/** One call of a function to AWS. @internal */
export type AwsCallRecord = {
  readonly function: string
  readonly action: string
  readonly resource: string
  readonly granted: boolean
}

/** Decides on the calls of functions to AWS, and records them. */
export type Ledger = {
  /** Whether it is allowed; the call is recorded in either case. */
  readonly ask: (caller: Caller, request: RequestedAction) => boolean
  readonly calls: () => readonly AwsCallRecord[]
  /** Permissions that were never used, as `function: action on resource`. */
  readonly neverCalled: (callers: readonly Caller[]) => readonly string[]
}

export function createLedger(stack: Stack): Ledger {
  const counted = new Map<string, AwsCallRecord & { readonly request: RequestedAction }>()
  const calls: AwsCallRecord[] = []
  return {
    ask: (caller, request) => {
      const { action, resource } = request
      const granted = isGranted(stack, caller, request)
      const record = { function: caller.function, action, resource, granted }
      calls.push(record)
      counted.set(JSON.stringify([record, request.context]), { ...record, request }) // conditions judge the context
      return granted
    },
    calls: () => calls,
    neverCalled: callers =>
      callers.flatMap(caller => {
        const requested = [...counted.values()].filter(one => one.function === caller.function && one.granted)
        return grantsOf(caller.statements)
          .filter(grant => !requested.some(({ request }) => decide([grant], request) === 'allowed'))
          .map(({ Action, Resource }) => `${caller.function}: ${Action} on ${Resource}`)
      }),
  }
}

/**
 * By the role's policies. A key's policy allows it directly, or defers to the role's policies with a statement for the
 * whole account.
 */
function isGranted(stack: Stack, { statements, roleArn }: Caller, request: RequestedAction): boolean {
  const ownDecision = decide(statements, request)
  const key = stack.find('AWS::KMS::Key', request.resource)
  if (key === undefined || ownDecision === 'denied') return ownDecision === 'allowed'
  const requestToKey = { ...request, principal: { kind: 'AWS', value: roleArn } } as const
  const policy = policyOf(stack, key)
  if (decide(policy, requestToKey) !== 'allowed') return false
  const isForAccount = ({ Principal }: Statement): boolean => JSON.stringify(Principal).includes(':root"')
  const isDirect =
    decide(
      policy.filter(one => !isForAccount(one)),
      requestToKey,
    ) === 'allowed'
  return isDirect || ownDecision === 'allowed'
}

/** One statement for each pair of action and resource that a policy allows. */
function grantsOf(statements: readonly Statement[]): readonly Statement[] {
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(statement =>
      [statement.Action ?? `everything but ${statement.NotAction}`]
        .flat()
        .flatMap(Action =>
          [statement.Resource ?? '*'].flat().map(Resource => ({ ...statement, Action, Resource })),
        ),
    )
}
