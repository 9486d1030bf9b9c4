import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readStack } from './stack.ts'
import type { TemplateDocument, TemplateParameter } from './template.ts'

const GROUP = 'AWS::Logs::LogGroup'

/** The value of one property in CloudFormation. */
function resolved(
  property: unknown,
  more: Partial<TemplateDocument> = {},
  input: Record<string, string> = {},
): unknown {
  const template: TemplateDocument = {
    Parameters: {
      Name: { Type: 'String', Default: 'otter' },
      Count: { Type: 'Number', Default: 3 },
      ...more.Parameters,
    },
    Mappings: { Colours: { otter: { fur: 'brown' } } },
    Conditions: {
      IsOtter: { 'Fn::Equals': [{ Ref: 'Name' }, 'otter'] },
      IsNot: { 'Fn::Not': [{ Condition: 'IsOtter' }] },
      Both: { 'Fn::And': [{ Condition: 'IsOtter' }, { Condition: 'IsNot' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsOtter' }, { Condition: 'IsNot' }] },
    },
    ...(more.Rules !== undefined && { Rules: more.Rules }),
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' } } },
      Group: { Type: GROUP, Properties: { it: property } },
      ...more.Resources,
    },
  }
  return readStack(template, { parameters: input }).ofType(GROUP)[0]?.properties.it
}

describe('intrinsic functions', () => {
  const TOPIC = 'arn:aws:sns:us-east-1:123456789012:otter'
  const cases: readonly (readonly [input: unknown, expected: unknown])[] = [
    [{ Ref: 'Name' }, 'otter'],
    [{ Ref: 'Count' }, '3'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::AccountId' }, '123456789012'],
    [{ Ref: 'Topic' }, TOPIC],
    [{ 'Fn::GetAtt': ['Topic', 'TopicName'] }, 'otter'],
    [{ 'Fn::GetAtt': 'Topic.TopicArn' }, TOPIC],
    [{ 'Fn::Sub': `\${Name} at \${Topic.TopicName}, \${!Name}` }, `otter at otter, \${Name}`],
    [{ 'Fn::Sub': [`\${it}`, { it: { Ref: 'Count' } }] }, '3'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Name' }]] }, 'a-otter'],
    [{ 'Fn::If': ['IsOtter', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    [[1, { 'Fn::If': ['IsNot', 2, { Ref: 'AWS::NoValue' }] }], [1]],
    [{ 'Fn::If': ['IsNot', 2, { Ref: 'AWS::NoValue' }] }, undefined],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::FindInMap': ['Colours', { Ref: 'Name' }, 'fur'] }, 'brown'],
  ]
  for (const [input, expected] of cases) {
    test(`${JSON.stringify(input)} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(resolved(input), expected)
    })
  }

  const wrong: readonly (readonly [input: unknown, says: RegExp])[] = [
    [{ 'Fn::ImportValue': 'x' }, /Group\.it uses Fn::ImportValue, which the harness does not know/],
    [{ Ref: 'Nobody' }, /Group\.it refers to Nobody, which does not exist/],
    [{ 'Fn::GetAtt': ['Topic', 'Colour'] }, /AWS::SNS::Topic has no attribute Colour/],
    [{ 'Fn::If': ['IsRed', 1, 2] }, /There is no condition IsRed/],
    [{ 'Fn::Select': [5, ['a']] }, /Fn::Select finds nothing at 5/],
    [{ 'Fn::FindInMap': ['Colours', 'badger', 'fur'] }, /there is no Colours\.badger\.fur/],
    [{ 'Fn::Join': ['', [['nested']]] }, /expected a text/],
  ]
  for (const [input, says] of wrong) {
    test(`${JSON.stringify(input)} is refused with a reason`, () =>
      assert.throws(() => resolved(input), says))
  }
})

describe('parameters', () => {
  const input = (parameter: TemplateParameter, value?: string): unknown =>
    resolved({ Ref: 'It' }, { Parameters: { It: parameter } }, value === undefined ? {} : { It: value })
  const wrong: readonly (readonly [parameter: TemplateParameter, value: string | undefined, says: RegExp])[] =
    [
      [{ Type: 'String' }, undefined, /It has no default/],
      [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'c', /It is "c"; expected a, b/],
      [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'abc1', /It is "abc1"; expected \[a-z\]\+/],
      [{ Type: 'String', AllowedPattern: 'x', ConstraintDescription: 'an x' }, 'y', /It is "y"; an x/],
      [{ Type: 'String', MinLength: 3 }, 'ab', /at least 3 characters/],
      [{ Type: 'Number', MaxValue: 3 }, '4', /at most 3/],
      [{ Type: 'Number' }, 'four', /a number/],
      [{ Type: 'AWS::SSM::Parameter::Value<String>' }, 'x', /a type that the harness knows/],
    ]
  for (const [parameter, value, says] of wrong) {
    test(`${JSON.stringify(parameter)} refuses ${value}`, () => {
      assert.throws(() => input(parameter, value), says)
    })
  }
  test('one that is not declared is refused', () => {
    assert.throws(() => resolved(1, {}, { Colour: 'red' }), /Colour is not a parameter of the template/)
  })
  test('letters of every script fit a pattern of letters', () => {
    assert.equal(input({ Type: 'String', AllowedPattern: '^[\\p{L}]+$' }, 'Größe'), 'Größe')
  })
  test('a list is split', () => {
    assert.deepEqual(input({ Type: 'CommaDelimitedList' }, 'a, b'), ['a', 'b'])
  })
})

describe('resources', () => {
  const more = { Resources: { Extra: { Type: 'AWS::SNS::Topic', Condition: 'IsNot' } } }
  test('one whose condition is false is not created, and nothing may refer to it', () => {
    assert.equal(resolved(1, more), 1)
    assert.throws(() => resolved({ Ref: 'Extra' }, more), /Extra, which is not created: IsNot is false/)
  })
  test('one that depends on a resource that does not exist is refused', () => {
    const Resources = { Late: { Type: GROUP, DependsOn: 'Nothing' } }
    assert.throws(() => resolved(1, { Resources }), /Late depends on Nothing, which does not exist/)
  })
  test('a failed rule stops everything, with its own message', () => {
    const Rules = {
      Otters: { Assertions: [{ Assert: { 'Fn::Equals': [1, 2] }, AssertDescription: 'No.' }] },
    }
    assert.throws(() => resolved(1, { Rules }), /Rules\.Otters: No\./)
  })
  test('names that AWS would make up are stable and distinct', () => {
    const names = ['One', 'Other'].map(logicalId => {
      const Resources = { [logicalId]: { Type: 'AWS::SQS::Queue' } }
      return [0, 1].map(() => resolved({ 'Fn::GetAtt': [logicalId, 'Arn'] }, { Resources }))
    })
    const [[one, again] = [], [other] = []] = names
    assert.equal(one, again)
    assert.notEqual(one, other)
  })
})
