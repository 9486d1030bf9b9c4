import type { IncomingMessage } from 'node:http'
import type { Stack } from '../template/stack.ts'
import type { Properties } from '../template/template.ts'
import type { Refusal } from './refusal.ts'

/** What the rules read of a request. */
type Request = Pick<IncomingMessage, 'headers' | 'url'>

/**
 * The answers of AWS WAF before the gateway. Only the rules of the web ACL that always block are implemented, by
 * expressions in headers and by the path; AWS's managed rule groups, rate rules and address rules are not.
 */
export function firewallOf(stack: Stack): (request: Request) => Refusal | undefined {
  const [acl] = stack.ofType('AWS::WAFv2::WebACL')
  const { Rules = [], CustomResponseBodies = {} } = (acl?.properties ?? {}) as Acl
  const judges = Rules.flatMap(({ Action, Statement }) => {
    const block = Action?.Block
    if (block === undefined || Statement === undefined || 'RateBasedStatement' in Statement) return []
    const { ResponseCode = 403, CustomResponseBodyKey = '' } = block.CustomResponse ?? {}
    const body = CustomResponseBodies[CustomResponseBodyKey]?.Content ?? ''
    const refusal = { status: ResponseCode, headers: { 'content-type': 'application/json' }, body }
    return { holds: readStatement(Statement), refusal }
  })
  return request => judges.find(({ holds }) => holds(request))?.refusal
}

/** A statement as a function. One that is not known here throws: a rule must not look as if it did nothing. */
function readStatement(statement: Statement): (request: Request) => boolean {
  const { NotStatement, AndStatement, OrStatement, RegexMatchStatement, ByteMatchStatement } = statement
  if (NotStatement !== undefined) {
    const holds = readStatement(NotStatement.Statement)
    return request => !holds(request)
  }
  if (AndStatement !== undefined) {
    const all = AndStatement.Statements.map(readStatement)
    return request => all.every(holds => holds(request))
  }
  if (OrStatement !== undefined) {
    const some = OrStatement.Statements.map(readStatement)
    return request => some.some(holds => holds(request))
  }
  if (RegexMatchStatement !== undefined) {
    const { RegexString, FieldToMatch } = RegexMatchStatement
    if (RegexString.length > 512) throw new Error('AWS WAF takes expressions of at most 512 characters')
    const header = FieldToMatch.SingleHeader.Name.toLowerCase()
    const shape = new RegExp(RegexString)
    // Without the header, the statement does not match.
    return ({ headers }) => headers[header] !== undefined && shape.test(String(headers[header]))
  }
  if (ByteMatchStatement?.PositionalConstraint === 'ENDS_WITH' && ByteMatchStatement.FieldToMatch.UriPath) {
    const { SearchString } = ByteMatchStatement
    return ({ url = '' }) => (url.split('?')[0] ?? '').endsWith(SearchString)
  }
  throw new Error(`The harness does not know the statement ${Object.keys(statement).join(', ')} of AWS WAF`)
}

type Acl = {
  readonly Rules?: readonly {
    readonly Action?: { readonly Block?: { readonly CustomResponse?: CustomResponse } }
    readonly Statement?: Statement
  }[]
  readonly CustomResponseBodies?: Readonly<Record<string, { readonly Content: string }>>
} & Properties
type Statement = {
  readonly NotStatement?: { readonly Statement: Statement }
  readonly AndStatement?: { readonly Statements: readonly Statement[] }
  readonly OrStatement?: { readonly Statements: readonly Statement[] }
  readonly RegexMatchStatement?: {
    readonly RegexString: string
    readonly FieldToMatch: { readonly SingleHeader: { readonly Name: string } }
  }
  readonly ByteMatchStatement?: {
    readonly PositionalConstraint: string
    readonly SearchString: string
    readonly FieldToMatch: { readonly UriPath?: object }
  }
}
type CustomResponse = { readonly ResponseCode: number; readonly CustomResponseBodyKey?: string }
