import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startEndUserMessaging } from '../../simulators/aws/end-user-messaging/server.ts'
import type { Breakage } from '../../simulators/okta/management/break-setup.ts'
import type { OrgHandle } from '../../simulators/okta/management/org-handle.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { startJudgedOkta } from '../support/okta-contract/judged-okta.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { awsAccount } from './aws-control.ts'
import { type ChildProgram, startProgram } from './child-program.ts'
import { CREDENTIALS, HASH_KEY_OF_TESTS } from './hook-bench.ts'
import { complaintsOf, type Ended, runHookline, spawnHookline } from './program.ts'

/** A whole set-up as an administrator makes it: org, hook server, account. Ends with `await using`. */
export type DoctorBench = AsyncDisposable & {
  readonly okta: Okta
  readonly org: OrgHandle
  readonly hook: ChildProgram
  readonly hookUrl: string
  readonly break: (breakage: Breakage) => Promise<void>
  /** Runs `hookline okta setup` again, which is most findings' remedy. */
  readonly setUpAgain: (...more: readonly string[]) => Promise<void>
  /** The account, with one number, and these changes. */
  readonly setAccount: (changes: object) => Promise<void>
  readonly hookline: (args: readonly string[], changed?: Readonly<Record<string, string>>) => Promise<Ended>
  /** `hookline doctor` about all of it. */
  readonly doctor: (...more: readonly string[]) => Promise<Ended>
  /** The same with --json. */
  readonly findings: (changed?: Readonly<Record<string, string>>) => Promise<Examined>
  /** Fails unless doctor finds nothing wrong, and leaves no check out. */
  readonly assertHealthy: () => Promise<void>
}

type Examined = {
  readonly code: number | null
  readonly findings: readonly {
    readonly check: string
    readonly severity: string
    readonly cause: string
    readonly remedy: string
    readonly fix?: string
  }[]
  readonly healthy: readonly { readonly check: string }[]
  readonly skipped: readonly { readonly check: string; readonly why: string }[]
}

export const US_NUMBER = { number: '+12065550100', country: 'US' } as const

export async function startDoctorBench(): Promise<DoctorBench> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder()).path
  const okta = stack.adopt(await startJudgedOkta(), one => one.close())
  const carrier = stack.adopt(await startEndUserMessaging({ port: 0 }), one => one.close())
  const aws = stack.use(await awsAccount())
  const account = stack.use(await startAccount(carrier.url))
  const { org } = okta
  assert.ok(org)

  const env: Record<string, string> = {
    ...CREDENTIALS,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_STS: aws.env.AWS_ENDPOINT_URL_STS ?? '',
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: account.url,
    HOOKLINE_DATA_DIR: join(folder, 'data'),
    HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
    HOOKLINE_CONFIGURATION_SET: 'codes',
    HOOKLINE_PROTECT_CONFIGURATION: 'protect-tests',
  }
  const hookline: DoctorBench['hookline'] = async (args, changed = {}) => {
    // Options of Node need a process of their own.
    const run = changed.NODE_OPTIONS === undefined ? runHookline : spawnHookline
    const ended = await run(args, {
      env: { ...env, OKTA_API_TOKEN: org.apiToken, ...changed },
      cwd: folder,
    })
    for (const secret of [org.apiToken, HASH_KEY_OF_TESTS, CREDENTIALS.AWS_SECRET_ACCESS_KEY]) {
      assert.ok(!`${ended.stdout}${ended.stderr}`.includes(secret), 'a credential in the output')
    }
    return ended
  }
  const run = async (...args: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await hookline(args)
    assert.deepEqual([code, stderr], [0, ''], stdout)
  }
  const setAccount = async (changes: object): Promise<void> => {
    const body = JSON.stringify({ numbers: [US_NUMBER], ...changes })
    const response = await fetch(`${carrier.url}/account`, { method: 'PUT', body })
    assert.ok(response.ok, await response.text())
  }
  await setAccount({})
  await run('identities', 'discover', '--apply', '--yes')
  await run('protect', '--apply', '--yes')
  await run('limits', 'observe') // previews go to one number, more often than people ask for codes
  const file = join(folder, 'okta.env')
  await run('okta', 'prepare', '--org', okta.url, '--yes', '--write-env', file)
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [name = '', ...value] = line.split('=')
    env[name] = value.join('=')
  }
  const outputs = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') }
  const hook = stack.use(
    await startProgram('src/main/hookline.ts', ['serve'], { ...outputs, env: { ...env, PORT: '0' } }),
  )
  const hookUrl = `${hook.ready.ready}/mfa`
  await run('okta', 'activate', '--org', okta.url, '--url', hookUrl, '--yes')
  const here = ['doctor', '--org', okta.url, '--url', hookUrl]

  const findings: DoctorBench['findings'] = async changed => {
    const ended = await hookline([...here, '--json'], changed)
    assert.equal(complaintsOf(ended), '')
    return { code: ended.code, ...JSON.parse(ended.stdout) }
  }

  const running = stack.move()
  return {
    okta,
    org,
    hook,
    hookUrl,
    hookline,
    break: async breakage => assert.equal(await org.breakSetup(breakage), undefined),
    setUpAgain: (...more) => run('okta', 'setup', '--org', okta.url, '--url', hookUrl, '--yes', ...more),
    setAccount,
    doctor: (...more) => hookline([...here, ...more]),
    assertHealthy: async () => {
      const { code, findings: wrong, skipped } = await findings()
      assert.deepEqual([code, wrong, skipped], [0, [], []])
    },
    findings,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** The carrier's stand-in, and in front of it the answers about an account that it does not have. */
async function startAccount(carrierUrl: string): Promise<AsyncDisposable & { readonly url: string }> {
  const answer = createAnswers()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    const own = request.method === 'POST' ? answer(operation, JSON.parse(body.toString())) : undefined
    if (own !== undefined) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      response.end(JSON.stringify(own))
      return
    }
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const answered = await fetch(`${carrierUrl}${request.url}`, {
      method: request.method ?? 'POST',
      headers: headers as Record<string, string>,
      ...(request.method === 'POST' && { body }),
    })
    response.writeHead(answered.status, Object.fromEntries(answered.headers))
    response.end(Buffer.from(await answered.arrayBuffer()))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

/** One configuration set with a destination, and one protect configuration that remembers its rules. */
function createAnswers() {
  const rules = new Map<string, Record<string, object>>()
  return (operation: string, input: AccountInput): object | undefined => {
    const { ProtectConfigurationId, NumberCapability = '', CountryRuleSetUpdates } = input
    if (operation === 'DescribeConfigurationSets') {
      const destination = { EventDestinationName: 'sns', Enabled: true, MatchingEventTypes: ['TEXT_ALL'] }
      return {
        ConfigurationSets: [{ ConfigurationSetName: 'codes', EventDestinations: [destination] }],
      }
    }
    if (!/ProtectConfigurationCountryRuleSet$/.test(operation)) return undefined
    const CountryRuleSet = { ...rules.get(NumberCapability), ...CountryRuleSetUpdates }
    rules.set(NumberCapability, CountryRuleSet)
    return { ProtectConfigurationId, NumberCapability, CountryRuleSet }
  }
}

type AccountInput = {
  readonly ProtectConfigurationId?: string
  readonly NumberCapability?: string
  readonly CountryRuleSetUpdates?: Readonly<Record<string, object>>
}
