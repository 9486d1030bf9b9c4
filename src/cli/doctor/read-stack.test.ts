import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { NOW } from '../../../test/fixtures/planning.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Settings } from '../../config/settings.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import type { DoctorContext } from './access.ts'
import { stackEnvironment } from './read-deployment.ts'
import { readFacts } from './read-facts.ts'

/** Facts about a stack with these parameters; Okta, the hook and the clocks answer on this machine. */
async function factsOf(parametersOf: (url: string) => object, name?: string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const issuer = `${url}${request.url?.replace('/.well-known/oauth-authorization-server', '')}`
    const keys = [{ kty: 'RSA', use: 'sig' }]
    response.writeHead(request.url === '/v1/mfa' ? 401 : 200).end(JSON.stringify({ issuer, keys }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stack = {
    parameters: new Map(Object.entries(parametersOf(url))),
    outputs: new Map([
      ['TableName', 'codes'],
      ['HookUrl', `${url}/v1/mfa`],
    ]),
  }
  const cloud = {
    region: 'eu-west-1',
    whoAmI: async () => ({ account: '123456789012', arn: 'arn' }),
    account: { isInSandbox: async () => false, spendLimits: async () => [] },
    stacks: { find: async (target: string) => (target === 'codes-of-ours' ? stack : undefined) },
    close: () => undefined,
  } as unknown as Cloud
  const opened: (string | undefined)[] = []
  const context = {
    now: () => NOW,
    homeRegion: () => 'us-east-1',
    cloud: { open: async () => cloud },
    doctor: {
      environment: { HOOKLINE_TABLE: 'of-the-environment', HOOKLINE_OTHER_HASH_KEY: 'o'.repeat(32) },
      openStore: async ({ store }: Settings) => {
        opened.push(store.table)
        return createMemoryStore(() => NOW)
      },
      awsAddress: () => url,
      progress: () => undefined,
    },
  } as unknown as DoctorContext
  try {
    const read = (target: string) =>
      readFacts(context, {
        ...{ credential: undefined, url: undefined, previewTo: undefined, region: undefined },
        name,
        stack: target,
      })
    await assert.rejects(read('theirs'), /--stack is "theirs", but there is no such stack in eu-west-1/)
    return { url, opened, asked, facts: await read('codes-of-ours') }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const orgs = (url: string) => ({
  OktaOrgs: JSON.stringify(
    Object.fromEntries(
      ['acme', 'globex'].map(name => [
        name,
        { issuer: `${url}/oauth2/${name}`, audience: `api://${name}`, clientId: name, scope: 's' },
      ]),
    ),
  ),
})

describe('a deployment on AWS, read by its stack', () => {
  test("is checked with its own settings, table and address, not this machine's", async () => {
    const { url, opened, facts } = await factsOf(at => ({
      OktaIssuer: `${at}/oauth2/default`,
      OktaAudience: 'api://x',
      OktaClientId: '0oa1',
      OktaScope: 's',
    }))
    assert.deepEqual(opened, ['codes'])
    assert.ok(facts.policy.kind === 'read' && facts.endpoint.kind === 'read' && facts.issuer.kind === 'read')
    assert.equal(facts.policy.value.where, 'The table codes')
    assert.deepEqual([facts.endpoint.value.url, facts.endpoint.value.status], [`${url}/v1/mfa`, 401])
    assert.equal(facts.issuer.value.issuer, `${url}/oauth2/default`)
    assert.deepEqual(facts.region, { kind: 'read', value: { name: 'eu-west-1', hasMessaging: true } })
    assert.deepEqual(facts.rotation, {
      kind: 'skipped',
      why: 'The secrets of a deployment are not read.',
    })
  })

  test('with several orgs is examined for the chosen one', async () => {
    const { url, facts } = await factsOf(orgs, 'globex')
    assert.ok(facts.issuer.kind === 'read' && facts.settings.kind === 'read')
    assert.equal(facts.issuer.value.expected, `${url}/oauth2/globex`)
    assert.equal(facts.settings.value.callers.audience, 'api://globex')
  })

  test('with several orgs and no choice lists them', async () => {
    const { facts } = await factsOf(orgs)
    assert.deepEqual(facts.settingProblems, {
      kind: 'read',
      value: ['The deployment trusts several orgs: acme, globex. Choose one with --org, or all with --all.'],
    })
    assert.equal(facts.issuer.kind, 'skipped')
  })
})

test('the settings of a stack are an environment for other programs: its table, and its secret by name', () => {
  const stack = {
    parameters: new Map([['DefaultCountry', 'DE']]),
    outputs: new Map([
      ['TableName', 'codes'],
      ['HashKeySecretArn', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key'],
    ]),
  }
  const environment = stackEnvironment(stack as unknown as Stack, { region: 'eu-west-1' })
  assert.deepEqual(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)),
    {
      HOOKLINE_DEFAULT_COUNTRY: 'DE',
      HOOKLINE_TABLE: 'codes',
      HOOKLINE_SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key',
      AWS_REGION: 'eu-west-1',
    },
  )
})
