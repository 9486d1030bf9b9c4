import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { createSdkTableCall } from '../../src/adapters/dynamodb/sdk-call.ts'
import { openDynamoStore } from '../../src/adapters/dynamodb/store.ts'
import { tableDefinition } from '../../src/adapters/dynamodb/table-definition.ts'
import { defaultLimits } from '../../src/core/policy/limits.ts'
import type { NewTemplate } from '../../src/core/policy/policy-store.ts'

/** Everything that the functions of both sides talk to, in this process. Ends with `await using`. */
export type World = AsyncDisposable & {
  readonly token: string
  readonly methodArn: string
  /** Environments of the three functions, as a deployment sets them. */
  readonly authorizer: Readonly<Record<string, string>>
  readonly hook: Readonly<Record<string, string>>
  readonly plain: Readonly<Record<string, string>>
}

const REGION = 'us-east-1'
const IDENTITY = '+12065550100'
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'stand-in', AWS_SECRET_ACCESS_KEY: 'stand-in' }

export async function startWorld(templates: readonly NewTemplate[]): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const okta = stack.adopt(await startOkta({ port: 0 }), one => one.close())
  const carrier = stack.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const dynamodb = await listenOn(stack, dynalite({ createTableMs: 0 }))
  const secrets = await listenOn(stack, createServer(answerSecret))
  await fillTables(dynamodb, templates)
  const answer = await okta.fetchToken()
  if (answer.kind === 'no-token') throw new Error(answer.reason)
  const shared = {
    AWS_REGION: REGION,
    ...CREDENTIALS,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: carrier.url,
  }
  const ending = stack.move()
  return {
    token: answer.accessToken,
    methodArn: `arn:aws:execute-api:${REGION}:123456789012:bench/v1/POST/mfa`,
    authorizer: {
      ...shared,
      HOOKLINE_OKTA_ISSUER: okta.issuer,
      HOOKLINE_OKTA_AUDIENCE: okta.audience,
      HOOKLINE_OKTA_CLIENT_ID: okta.clientId,
      HOOKLINE_OKTA_SCOPE: okta.scope,
    },
    hook: { ...shared, HOOKLINE_TABLE: 'hookline', HOOKLINE_SECRET_ID: 'hash-key' },
    plain: {
      ...shared,
      OKTA_ISSUER: okta.issuer,
      OKTA_AUDIENCE: okta.audience,
      OKTA_CLIENT_ID: okta.clientId,
      TABLE: 'plain-templates',
      ORIGINATION_IDENTITY: IDENTITY,
    },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: {
  readonly createTableMs: number
}) => Server

/** The same templates on both sides: in Hookline's table, and one item each in the plain one. */
async function fillTables(endpoint: string, templates: readonly NewTemplate[]): Promise<void> {
  const credentials = { accessKeyId: 'stand-in', secretAccessKey: 'stand-in' }
  const client = new DynamoDBClient({ region: REGION, endpoint, credentials })
  await client.send(new CreateTableCommand({ TableName: 'hookline', ...tableDefinition }))
  await client.send(
    new CreateTableCommand({
      TableName: 'plain-templates',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  )
  for (const [index, { locale, text }] of templates.entries()) {
    const Item = { id: { S: String(index) }, locale: { S: locale }, text: { S: text } }
    await client.send(new PutItemCommand({ TableName: 'plain-templates', Item }))
  }
  client.destroy()

  Object.assign(process.env, CREDENTIALS)
  const retention = { deliveriesMs: DAY_MS, receiptsMs: DAY_MS }
  const sdk = createSdkTableCall({ region: REGION, endpoint, attemptMs: 5_000 })
  const store = openDynamoStore({ table: 'hookline', ...sdk, now: Date.now, retention })
  await store.saveTemplates(templates, { author: 'bench', at: Date.now() })
  await store.saveRoutes([{ country: '*', channel: 'sms', candidates: [{ identity: IDENTITY }] }])
  await store.saveLimits({ ...defaultLimits, mode: 'observe' }) // counted, never refused
  await store.close()
}

async function listenOn(stack: AsyncDisposableStack, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(async () => {
    server.closeAllConnections()
    await new Promise<void>(resolve => server.close(() => resolve()))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return `http://127.0.0.1:${address.port}`
}

function answerSecret(_: unknown, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify({ SecretString: JSON.stringify({ HOOKLINE_HASH_KEY: 'benchmark'.repeat(4) }) }))
}

const DAY_MS = 86_400_000
