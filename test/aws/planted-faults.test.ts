import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Properties, TemplateDocument } from '../../simulators/aws/template/template.ts'
import { type DeployedOptions, type DeployedWorld, makeRelease } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { codeIn } from './answers.ts'
import { logicalIdOf, withAction, withoutAction, withoutResource, withProperties } from './change-template.ts'

/** Mistakes in the template, and how the harness shows them. */

const whole = await makeRelease()

const broken = (
  change: (template: TemplateDocument) => TemplateDocument,
  more: Omit<DeployedOptions, 'hook'> = {},
) => startWorld({ ...more, hook: 'deployed', release: { ...whole, template: change(whole.template) } })

const denied = (world: DeployedWorld) =>
  world
    .calls()
    .filter(({ granted }) => !granted)
    .map(({ function: name, action }) => `${name} ${action}`)

const errorOfHook = async (world: DeployedWorld): Promise<string> => {
  const { arn } = world.functions.named('hook')
  const result = await world.functions.invoke(arn, {})
  assert.equal(result.kind, 'error')
  return result.kind === 'error' ? result.errorType : ''
}

test('without the permission to send, the hook sends nothing, and Okta uses its own provider', async () => {
  await using world = await broken(one => withoutAction(one, 'HookRole', 'sms-voice:SendTextMessage'))
  const result = await world.call()
  assert.deepEqual([result.verdict.kind, codeIn(result)], ['okta-sends-itself', 'CARRIER_REFUSED'])
  assert.deepEqual(new Set(denied(world)), new Set(['hook sms-voice:SendTextMessage']))
  assert.deepEqual(await world.messages(), [])
})

test('without the permission to write, codes are sent without the store', async () => {
  await using world = await broken(one => withoutAction(one, 'HookRole', 'dynamodb:UpdateItem'))
  const result = await world.call()
  assert.equal(result.verdict.kind, 'delivered-by-hook')
  assert.ok(denied(world).includes('hook dynamodb:UpdateItem'))
  assert.match(world.logs().join(), /AccessDenied/)
})

test('without the permission to read its secret, the hook does not start', async () => {
  await using world = await broken(one => withoutAction(one, 'HookRole', 'secretsmanager:GetSecretValue'))
  const { httpStatus, verdict } = await world.call()
  assert.deepEqual([httpStatus, verdict.kind], [502, 'okta-sends-itself'])
  assert.deepEqual(new Set(denied(world)), new Set(['hook secretsmanager:GetSecretValue']))
})

test('an unused permission is listed', async () => {
  await using world = await broken(one => withAction(one, 'HookRole', 'dynamodb:Scan'))
  await world.call()
  assert.ok(world.neverCalled().includes('hook: dynamodb:Scan on *'))
})

test('a wrong handler name is an error of Lambda, and Okta uses its own provider', async () => {
  await using world = await broken(one => setFunction(one, { Handler: 'index.handle' }))
  const { httpStatus, verdict } = await world.call()
  assert.deepEqual([httpStatus, verdict.kind], [502, 'okta-sends-itself'])
  assert.equal(await errorOfHook(world), 'Runtime.HandlerNotFound')
})

test('a wrong file name is also an error of Lambda', async () => {
  await using world = await broken(one => setFunction(one, { Handler: 'main.handler' }))
  assert.equal((await world.call()).httpStatus, 502)
  assert.equal(await errorOfHook(world), 'Runtime.ImportModuleError')
})

test('a missing variable is named in the log, and Okta uses its own provider', async () => {
  await using world = await broken(one =>
    withProperties(one, 'HookFunction', properties => {
      const { Variables } = properties.Environment as { readonly Variables: Properties }
      const { HOOKLINE_TABLE: _, ...rest } = Variables
      return { ...properties, Environment: { Variables: rest } }
    }),
  )
  const { httpStatus, verdict } = await world.call()
  assert.deepEqual([httpStatus, verdict.kind], [502, 'okta-sends-itself'])
  assert.match(world.logs().join('\n'), /HOOKLINE_TABLE is missing/)
})

test('a hook that exceeds the time limit is ended by Lambda', async () => {
  await using world = await broken(one => setFunction(one, { Timeout: 1 }))
  await world.call()
  await world.callCarrier('POST', '/faults', { kind: 'hang', when: 'after' })
  const { httpStatus } = await world.call()
  assert.equal(httpStatus, 502)
  assert.match(world.logs().join('\n'), /Task timed out after 1.00 seconds/)
})

for (const [who, permission, name] of [
  ['the hook', 'HookMayBeCalledByApi', 'hook'],
  ['the authorizer', 'AuthorizerMayBeCalledByApi', 'authorizer'],
] as const) {
  test(`without its permission, the gateway does not call ${who}`, async () => {
    await using world = await broken(one => withoutResource(one, permission))
    const { httpStatus, verdict } = await world.call()
    assert.deepEqual([httpStatus, verdict.kind], [500, 'okta-sends-itself'])
    assert.equal(world.functions.named(name).invocations(), 0)
  })
}

test('a permission for the function does not apply to its alias', async () => {
  await using world = await broken(one =>
    withProperties(one, 'HookMayBeCalledByApi', properties => ({
      ...properties,
      FunctionName: { Ref: 'HookFunction' },
    })),
  )
  assert.equal((await world.call()).httpStatus, 500)
})

test('an expression that matches nothing refuses every request', async () => {
  await using world = await broken(one =>
    withProperties(one, 'ApiAuthorizer', properties => ({
      ...properties,
      IdentityValidationExpression: '^Bearer$',
    })),
  )
  const { httpStatus } = await world.call()
  assert.deepEqual([httpStatus, world.functions.named('authorizer').invocations()], [401, 0])
})

test('a missing archive ends the deployment', async () => {
  await assert.rejects(
    broken(one => setFunction(one, { Code: { S3Bucket: 'code', S3Key: 'hookline/1/gone.zip' } })),
    /HookFunction runs hookline\/1\/gone.zip, but there is no .*gone\.zip/,
  )
})

test('a topic that may not invoke the function leaves its receipts in the queue', async () => {
  await using world = await broken(
    one => withoutResource(one, logicalIdOf(one, 'AWS::Lambda::Permission', 'ReceiptsMayBeCalledByTopic')),
    { ways: ['topic'] },
  )
  await sendWithReceipts(world)
  assert.ok(world.deadLetters().length > 0)
  assert.match(world.deadLetters()[0]?.error ?? '', /sns\.amazonaws\.com may not invoke ReceiptsFunction/)
  assert.equal(world.functions.named('receipts').invocations(), 0)
})

test('a carrier that may not publish loses its receipts', async () => {
  await using world = await broken(
    one => withoutResource(one, logicalIdOf(one, 'AWS::SNS::TopicPolicy', 'ReceiptsTopic')),
    { ways: ['topic'] },
  )
  await sendWithReceipts(world)
  assert.match(world.lost()[0] ?? '', /sms-voice\.amazonaws\.com may not publish to ReceiptsTopic/)
})

test('a log group whose key CloudWatch may not use ends the deployment', async () => {
  await assert.rejects(
    broken(one =>
      withProperties(one, 'Key', properties => {
        const { Statement } = properties.KeyPolicy as { readonly Statement: readonly object[] }
        const remaining = Statement.filter(one => !JSON.stringify(one).includes('logs'))
        return { ...properties, KeyPolicy: { Statement: remaining } }
      }),
    ),
    /cannot be created: logs\.us-east-1\.amazonaws\.com may not kms:Encrypt with Key/,
  )
})

async function sendWithReceipts(world: DeployedWorld): Promise<void> {
  const { url } = world.events
  await world.callCarrier('PUT', '/events', { url, delayMs: 0 })
  await world.call()
  await world.allDelivered()
}

function setFunction(template: TemplateDocument, properties: Properties): TemplateDocument {
  return withProperties(template, 'HookFunction', original => ({ ...original, ...properties }))
}
