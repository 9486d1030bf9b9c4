import type { IncomingHttpHeaders } from 'node:http'
import type { Stack } from '../template/stack.ts'
import type { Properties } from '../template/template.ts'
import type { Refusal } from './refusal.ts'

/**
 * The answers of AWS WAF before the gateway. Only the rules of the web ACL that block by an expression in a header are
 * implemented; AWS's managed rule groups, rate rules and address rules are not.
 */
export function firewallOf(stack: Stack): (headers: IncomingHttpHeaders) => Refusal | undefined {
  const [acl] = stack.ofType('AWS::WAFv2::WebACL')
  const { Rules = [], CustomResponseBodies = {} } = (acl?.properties ?? {}) as Acl
  const judges = Rules.flatMap(({ Action, Statement }) => {
    const { RegexMatchStatement: match } = Statement?.NotStatement?.Statement ?? {}
    const block = Action?.Block
    if (match === undefined || block === undefined) return []
    if (match.RegexString.length > 512) throw new Error('AWS WAF takes expressions of at most 512 characters')
    const { ResponseCode = 403, CustomResponseBodyKey = '' } = block.CustomResponse ?? {}
    const body = CustomResponseBodies[CustomResponseBodyKey]?.Content ?? ''
    const refusal = { status: ResponseCode, headers: { 'content-type': 'application/json' }, body }
    return {
      header: match.FieldToMatch.SingleHeader.Name.toLowerCase(),
      shape: new RegExp(match.RegexString),
      refusal,
    }
  })
  return headers => judges.find(({ header, shape }) => !shape.test(String(headers[header] ?? '')))?.refusal
}

type Acl = {
  readonly Rules?: readonly {
    readonly Action?: { readonly Block?: { readonly CustomResponse?: CustomResponse } }
    readonly Statement?: { readonly NotStatement?: { readonly Statement: { RegexMatchStatement?: Match } } }
  }[]
  readonly CustomResponseBodies?: Readonly<Record<string, { readonly Content: string }>>
} & Properties
type CustomResponse = { readonly ResponseCode: number; readonly CustomResponseBodyKey?: string }
type Match = {
  readonly RegexString: string
  readonly FieldToMatch: { readonly SingleHeader: { readonly Name: string } }
}
