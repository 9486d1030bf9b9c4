import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Breakage } from '../../simulators/okta/management/break-setup.ts'
import type { OrgHandle } from '../../simulators/okta/management/org-handle.ts'
import type { Okta } from '../../simulators/okta/okta.ts'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'
import { EVENT_SECRET } from '../world/org.ts'
import { type Ended, problemsIn, spawnHookline } from '../world/processes.ts'
import { complaintsOf, runHookline } from '../world/run-hookline.ts'
import { startFront } from '../world/stand-in-hook.ts'
import { HASH_KEY_OF_TESTS, type ServedHook, startWorld } from '../world/world.ts'

/** A world set up with Hookline's own commands: org, hook, account. Ends with `await using`. */
export type SetUpWorld = AsyncDisposable & {
  readonly okta: Okta
  readonly org: OrgHandle
  readonly hook: ServedHook
  readonly break: (breakage: Breakage) => Promise<void>
  /** Runs `hookline okta setup` again, the remedy of most findings. */
  readonly setUpAgain: (...more: readonly string[]) => Promise<void>
  /** The account, with one number, and these changes. */
  readonly setAccount: (changes: object) => Promise<void>
  readonly hookline: (args: readonly string[], changed?: Readonly<Record<string, string>>) => Promise<Ended>
  /** Runs `hookline doctor` on everything. */
  readonly doctor: (...more: readonly string[]) => Promise<Ended>
  /** The same with --json. */
  readonly findings: (changed?: Readonly<Record<string, string>>) => Promise<Examined>
  /** Fails unless doctor has no findings and skips no check. */
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
  readonly passed: readonly { readonly check: string }[]
  readonly skipped: readonly { readonly check: string; readonly why: string }[]
}

export const US_NUMBER = { number: '+12065550100', country: 'US' } as const

export async function startSetUpWorld(): Promise<SetUpWorld> {
  await using parts = new AsyncDisposableStack()
  const world = parts.use(await startWorld({ hook: 'process', org: 'new', aws: {}, routes: 'none' }))
  const account = parts.use(await startAccountFront(world.carrier))
  const { okta, org, folder } = world

  const { AWS_ENDPOINT_URL_STS = '' } = world.aws.env
  let env: Readonly<Record<string, string>> = {
    ...CREDENTIALS,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_STS,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: account.url,
    HOOKLINE_DATA_DIR: world.dataFolder,
    HOOKLINE_HASH_KEY: HASH_KEY_OF_TESTS,
    HOOKLINE_EVENT_SECRETS: EVENT_SECRET,
    HOOKLINE_CONFIGURATION_SET: 'codes',
    HOOKLINE_PROTECT_CONFIGURATION: 'protect-tests',
  }
  const hookline: SetUpWorld['hookline'] = async (args, changed = {}) => {
    // Options of Node need a process of their own.
    const run = changed.NODE_OPTIONS === undefined ? runHookline : spawnHookline
    const ended = await run(args, {
      env: { ...env, OKTA_API_TOKEN: org.apiToken, ...changed },
      cwd: folder,
    })
    for (const secret of [org.apiToken, HASH_KEY_OF_TESTS, EVENT_SECRET, CREDENTIALS.AWS_SECRET_ACCESS_KEY]) {
      assert.ok(!`${ended.stdout}${ended.stderr}`.includes(secret), 'a credential in the output')
    }
    return ended
  }
  const run = async (...args: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await hookline(args)
    assert.deepEqual([code, problemsIn(stderr)], [0, ''], stdout)
  }
  const setAccount = async (changes: object): Promise<void> => {
    await world.callCarrier('PUT', '/account', { numbers: [US_NUMBER], ...changes })
  }
  await setAccount({})
  await run('identities', 'discover', '--apply', '--yes')
  await run('protect', '--apply', '--yes')
  await run('limits', 'observe') // previews go to one number, more often than users request codes
  const file = join(folder, 'okta.env')
  await run('okta', 'prepare', '--org', okta.url, '--yes', '--write-env', file)
  env = { ...env, ...(parseEnv(readFileSync(file, 'utf8')) as Record<string, string>) }
  const hook = await world.serve(env)
  const { hookUrl } = hook
  await run('okta', 'activate', '--org', okta.url, '--url', hookUrl, '--yes')
  const here = ['doctor', '--org', okta.url, '--url', hookUrl]

  const findings: SetUpWorld['findings'] = async changed => {
    const ended = await hookline([...here, '--json'], changed)
    assert.equal(complaintsOf(ended), '')
    return { code: ended.code, ...JSON.parse(ended.stdout) }
  }

  const running = parts.move()
  return {
    okta,
    org,
    hook,
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

/** A proxy in front of the carrier's stand-in, with answers about an account that it does not have. */
function startAccountFront(carrier: string) {
  const answer = createAnswers()
  return startFront(
    () => carrier,
    ({ method, headers, body }) => {
      const operation = String(headers['x-amz-target']).split('.')[1] ?? ''
      const own = method === 'POST' ? answer(operation, JSON.parse(body.toString())) : undefined
      if (own === undefined) return undefined
      const type = { 'content-type': 'application/x-amz-json-1.0' }
      return { status: 200, headers: type, body: Buffer.from(JSON.stringify(own)) }
    },
  )
}

/** One configuration set with a destination, and one protect configuration that stores its rules. */
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
