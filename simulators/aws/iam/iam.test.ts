import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Decision, decide, type RequestedAction, type Statement, statementsOf } from './iam.ts'

const ALLOW = { Effect: 'Allow', Action: 'x:Read', Resource: 'arn:x' } as const
const request = (more: Partial<RequestedAction> = {}): RequestedAction => ({
  action: 'x:Read',
  resource: 'arn:x',
  ...more,
})

describe('the decision of a policy', () => {
  const deny = { ...ALLOW, Effect: 'Deny' } as const
  const cases: readonly (readonly [
    what: string,
    statements: readonly Statement[],
    request: RequestedAction,
    Decision,
  ])[] = [
    ['what is allowed is allowed', [ALLOW], request(), 'allowed'],
    ['what no statement mentions is not', [], request(), 'silent'],
    ['another action is not', [ALLOW], request({ action: 'x:Write' }), 'silent'],
    ['another resource is not', [ALLOW], request({ resource: 'arn:x/index' }), 'silent'],
    ['a deny wins over an allow', [ALLOW, deny], request(), 'denied'],
    ['the case of an action does not matter', [ALLOW], request({ action: 'X:READ' }), 'allowed'],
    ['the case of a resource does', [ALLOW], request({ resource: 'ARN:x' }), 'silent'],
    ['* is any characters', [{ ...ALLOW, Action: 'x:*', Resource: 'arn:*' }], request(), 'allowed'],
    ['? is one character', [{ ...ALLOW, Action: 'x:Rea?' }], request(), 'allowed'],
    ['a dot is a dot', [{ ...ALLOW, Resource: 'arn.x' }], request(), 'silent'],
    [
      'NotAction is everything else',
      [{ Effect: 'Allow', NotAction: 'x:Write', Resource: '*' }],
      request(),
      'allowed',
    ],
    [
      'NotResource is everything else',
      [{ Effect: 'Allow', Action: 'x:Read', NotResource: 'arn:x' }],
      request(),
      'silent',
    ],
  ]
  for (const [what, statements, request, expected] of cases) {
    test(what, () => assert.equal(decide(statements, request), expected))
  }
})

describe('conditions', () => {
  const context = { 'aws:SourceArn': 'arn:aws:sns:r:a:topic', 'aws:SecureTransport': 'true', key: ['a', 'b'] }
  const cases: readonly (readonly [condition: Statement['Condition'], holds: boolean])[] = [
    [{ StringEquals: { 'aws:SourceArn': 'arn:aws:sns:r:a:topic' } }, true],
    [{ StringEquals: { 'AWS:sourcearn': ['x', 'arn:aws:sns:r:a:topic'] } }, true],
    [{ StringEquals: { 'aws:SourceArn': 'arn:aws:sns:r:a:*' } }, false],
    [{ StringLike: { 'aws:SourceArn': 'arn:aws:sns:r:a:*' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:topic' } }, true],
    [{ StringEquals: { 'aws:SourceAccount': 'a' } }, false],
    [{ StringEqualsIfExists: { 'aws:SourceAccount': 'a' } }, true],
    [{ StringNotEquals: { 'aws:SourceAccount': 'a' } }, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ Null: { 'aws:SourceAccount': 'true' } }, true],
    [{ 'ForAllValues:StringEquals': { key: ['a', 'b', 'c'] } }, true],
    [{ 'ForAllValues:StringEquals': { key: ['a'] } }, false],
    [{ 'ForAnyValue:StringEquals': { key: ['b'] } }, true],
    [{ StringLike: { 'aws:SourceArn': '*' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
  ]
  for (const [Condition = {}, holds] of cases) {
    test(`${JSON.stringify(Condition)} ${holds ? 'holds' : 'does not hold'}`, () => {
      assert.equal(decide([{ ...ALLOW, Condition }], request({ context })), holds ? 'allowed' : 'silent')
    })
  }
  test('an unknown operator is an error, and never allows', () => {
    const Condition = { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01' } }
    assert.throws(() => decide([{ ...ALLOW, Condition }], request()), /does not know .* DateGreaterThan/)
  })
})

describe("a resource's own policy", () => {
  const service = (value: string): RequestedAction => request({ principal: { kind: 'Service', value } })
  const role = request({ principal: { kind: 'AWS', value: 'arn:aws:iam::123456789012:role/one' } })
  const cases: readonly (readonly [
    principal: NonNullable<Statement['Principal']>,
    RequestedAction,
    Decision,
  ])[] = [
    [{ Service: 'sns.amazonaws.com' }, service('sns.amazonaws.com'), 'allowed'],
    [{ Service: ['a', 'sns.amazonaws.com'] }, service('sns.amazonaws.com'), 'allowed'],
    [{ Service: 'sns.amazonaws.com' }, service('events.amazonaws.com'), 'silent'],
    [{ AWS: '*' }, service('sns.amazonaws.com'), 'silent'],
    ['*', service('sns.amazonaws.com'), 'allowed'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, role, 'allowed'],
    [{ AWS: 'arn:aws:iam::123456789012:role/other' }, role, 'silent'],
    [{ AWS: 'arn:aws:iam::999999999999:root' }, role, 'silent'],
  ]
  for (const [Principal, request, expected] of cases) {
    test(`${JSON.stringify(Principal)} and ${request.principal?.value}: ${expected}`, () => {
      assert.equal(decide([{ ...ALLOW, Principal }], request), expected)
    })
  }
})

test('a document that IAM would refuse is refused', () => {
  assert.deepEqual(statementsOf({ Statement: ALLOW }), [ALLOW])
  assert.throws(() => statementsOf({ Statement: [{ ...ALLOW, Actions: 'x' }] }), /has Actions/)
  assert.throws(() => statementsOf({ Statement: [{ ...ALLOW, Effect: 'allow' }] }), /the effect allow/)
  assert.throws(() => statementsOf({ Statement: [{ Effect: 'Allow', Resource: '*' }] }), /has no Action/)
})
