import { type Context, conditionHolds } from './conditions.ts'
import { matchesAny } from './wildcards.ts'

/** A statement of a policy, as in the policy's JSON. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  readonly Resource?: OneOrMore
  readonly NotResource?: OneOrMore
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly Sid?: string
}

export type OneOrMore = string | readonly string[]

/** Who wants to do what, to what. */
export type Wish = {
  readonly action: string
  readonly resource: string
  readonly context?: Context
  /** For policies of resources: a service (`sns.amazonaws.com`) or an ARN. */
  readonly principal?: Principal
}

type Principal = { readonly kind: 'Service' | 'AWS'; readonly value: string }

/** `silent`: no statement speaks of it, which is a no. */
export type Decision = 'allowed' | 'denied' | 'silent'

/** What these statements say to a wish. An explicit deny wins. What the harness does not know throws: it is never a yes. */
export function decide(statements: readonly Statement[], wish: Wish): Decision {
  const speaking = statements.filter(statement => isAbout(statement, wish))
  if (speaking.some(({ Effect }) => Effect === 'Deny')) return 'denied'
  return speaking.length > 0 ? 'allowed' : 'silent'
}

/** The statements of a policy document. */
export function statementsOf(document: unknown): readonly Statement[] {
  const { Statement: given } = Object(document) as { readonly Statement?: unknown }
  const statements = [given ?? []].flat().map(one => one as Readonly<Record<string, unknown>>)
  for (const statement of statements) {
    const unknown = Object.keys(statement).filter(name => !ELEMENTS.has(name))
    if (unknown.length > 0) throw new Error(`A statement has ${unknown.join(', ')}, which IAM does not know`)
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      throw new Error(`A statement has the effect ${String(statement.Effect)}; expected Allow or Deny`)
    }
    if (statement.Action === undefined && statement.NotAction === undefined) {
      throw new Error('A statement has no Action')
    }
  }
  return statements as readonly unknown[] as readonly Statement[]
}

function isAbout(statement: Statement, { action, resource, context = {}, principal }: Wish): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement
  const isAction =
    Action !== undefined
      ? matchesAny(Action, action, { ignoreCase: true })
      : !matchesAny(NotAction ?? [], action, { ignoreCase: true })
  const isResource =
    Resource !== undefined || NotResource === undefined
      ? matchesAny(Resource ?? '*', resource) // the policy of a Lambda function names none: it is the function's
      : !matchesAny(NotResource, resource)
  return (
    isAction &&
    isResource &&
    (principal === undefined || isPrincipal(statement.Principal, principal)) &&
    Object.entries(Condition).every(([operator, tests]) => conditionHolds(operator, tests, context))
  )
}

function isPrincipal(named: Statement['Principal'], { kind, value }: Principal): boolean {
  if (named === undefined) throw new Error("A statement of a resource's policy has no Principal")
  if (named === '*') return true
  const names = [named[kind] ?? []].flat()
  const account = /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(value)?.[1]
  const root = [account, `arn:aws:iam::${account}:root`]
  return names.some(name => name === '*' || name === value || (account !== undefined && root.includes(name)))
}

const ELEMENTS = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition'],
])
