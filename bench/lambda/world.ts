import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { createSdkTableCall } from '../../src/adapters/dynamodb/sdk-call.ts'
import { openDynamoStore } from '../../src/adapters/dynamodb/store.ts'
import { tableDefinition } from '../../src/adapters/dynamodb/table-definition.ts'
import { keyedDigest } from '../../src/adapters/node/hash-key.ts'
import { defaultLimits } from '../../src/core/policy/limits.ts'
import type { NewTemplate } from '../../src/core/policy/policy-store.ts'
import { Secret } from '../../src/core/values/secret.ts'

/** Everything that the functions of both sides talk to, in this process. Ends with `await using`. */
export type World = AsyncDisposable & {
  readonly token: string
  readonly methodArn: string
  /** Environments of the functions, as a deployment sets them. */
  readonly authorizer: Readonly<Record<string, string>>
  readonly hook: Readonly<Record<string, string>>
  readonly plain: Readonly<Record<string, string>>
  /** The function for Okta's events, and a post of an event about a code that was sent. */
  readonly events: Readonly<Record<string, string>>
  /** The function for figures. */
  readonly figures: Readonly<Record<string, string>>
  readonly eventPost: object
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
  const openedAt = Date.now()
  await fillTables(dynamodb, templates, { openedAt, caller: okta.issuer })
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
    events: {
      ...shared,
      HOOKLINE_OKTA_ISSUER: okta.issuer,
      HOOKLINE_TABLE: 'hookline',
      HOOKLINE_SECRET_ID: 'hash-key',
      HOOKLINE_EVENT_SECRETS: EVENT_SECRET,
    },
    figures: { ...shared, HOOKLINE_TABLE: COUNTED },
    eventPost: {
      httpMethod: 'POST',
      headers: { Authorization: EVENT_SECRET },
      body: JSON.stringify({ data: { events: [signInAt(openedAt + 1_000)] } }),
      isBase64Encoded: false,
      requestContext: { requestTimeEpoch: openedAt },
    },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  }
}

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: {
  readonly createTableMs: number
}) => Server

/** The same templates on both sides: in Hookline's table, and one item each in the plain one. One code was sent. */
async function fillTables(
  endpoint: string,
  templates: readonly NewTemplate[],
  sent: { readonly openedAt: number; readonly caller: string },
): Promise<void> {
  const credentials = { accessKeyId: 'stand-in', secretAccessKey: 'stand-in' }
  const client = new DynamoDBClient({ region: REGION, endpoint, credentials })
  for (const TableName of ['hookline', COUNTED])
    await client.send(new CreateTableCommand({ TableName, ...tableDefinition }))
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
  const userDigest = keyedDigest(new Secret(HASH_KEY))(USER_ID)
  for (const table of ['hookline', COUNTED]) {
    const store = openDynamoStore({ table, ...sdk, now: Date.now, retention })
    await store.saveTemplates(templates, { author: 'bench', at: Date.now() })
    const by = { author: 'bench', at: 0 }
    await store.saveRoutes([{ country: '*', channel: 'sms', candidates: [{ identity: IDENTITY }] }], by)
    await store.saveLimits({ ...defaultLimits, mode: 'observe' }, by) // counted, never refused
    await store.settle({ ...SENT, ...sent, userDigest, end: { ...ACCEPTED, at: sent.openedAt } })
    await store.close()
  }
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
  response.end(JSON.stringify({ SecretString: JSON.stringify({ HOOKLINE_HASH_KEY: HASH_KEY }) }))
}

/** An event of Okta: a sign-in with a code by text. */
function signInAt(time: number): object {
  return {
    uuid: '7cdd15f0-3a18-11ef-9a7b-0b4b1f0b9e11',
    published: new Date(time).toISOString(),
    eventType: 'user.authentication.auth_via_mfa',
    actor: { id: USER_ID, type: 'User', alternateId: 'user@example.com' },
    outcome: { result: 'SUCCESS' },
    debugContext: { debugData: { factor: 'SMS_FACTOR' } },
  }
}

/** The table of the function for figures: with one code, because it would count those of all other functions. */
const COUNTED = 'figures'
const USER_ID = '00u1a2b3c4d5e6f7g8h9'
const ACCEPTED = { state: 'accepted', messageId: 'message-1', attempts: [] } as const
const SENT = {
  id: 'delivery-1',
  eventId: 'event-1',
  oktaRequestId: undefined,
  duplicateKey: undefined,
  numberDigest: 'number-1',
  loginDigest: undefined,
  country: 'US',
  lastDigits: '00',
  channel: 'sms',
  purpose: 'mfa-verification',
  templateUsed: undefined,
  parts: 1,
  expiresAt: undefined,
  credit: undefined,
} as const
const HASH_KEY = 'benchmark'.repeat(4)
const EVENT_SECRET = 'event-hook'.repeat(4)
const DAY_MS = 86_400_000
