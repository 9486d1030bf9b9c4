import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { complaintsOf, runHookline } from '../world/run-hookline.ts'

type Found = {
  readonly check: string
  readonly severity: string
  readonly cause: string
  readonly remedy: string
}

/** Little or nothing is set up yet. No address in these tests can be reached. */
describe('hookline doctor, without a set-up', { timeout: 60_000 }, () => {
  const NOWHERE = 'http://127.0.0.1:1'
  const AWS_NOWHERE = { ...CREDENTIALS, AWS_ENDPOINT_URL: NOWHERE, AWS_MAX_ATTEMPTS: '1' }

  async function findings(env: Readonly<Record<string, string>>, ...more: readonly string[]) {
    using folder = temporaryFolder()
    const ended = await runHookline(['doctor', '--json', ...more], { env, cwd: folder.path })
    assert.deepEqual(readdirSync(folder.path), [], 'it creates nothing')
    assert.equal(complaintsOf(ended), '')
    const { findings: found } = JSON.parse(ended.stdout) as { readonly findings: readonly Found[] }
    return { code: ended.code, found }
  }

  test('every problem of the settings is reported, and checks that need them are skipped', async () => {
    const { code, found } = await findings({
      ...AWS_NOWHERE,
      HOOKLINE_BUDGET_MS: '9',
      HOOKLINE_NONSENSE: 'x',
      AWS_REGION: 'us-east-1',
    })
    assert.equal(code, 4)
    assert.deepEqual(
      found.map(({ check }) => check),
      ['settings', 'settings', 'credentials', 'clock'],
    )
    assert.match(found[0]?.cause ?? '', /^HOOKLINE_BUDGET_MS is "9"/)
    assert.match(found[1]?.cause ?? '', /^HOOKLINE_NONSENSE is not a setting/)
    assert.match(found[2]?.cause ?? '', /^The AWS account could not be read: AWS does not answer/)
  })

  test('each party that cannot be reached is a finding', async () => {
    const { code, found } = await findings(
      {
        ...AWS_NOWHERE,
        AWS_REGION: 'us-east-1',
        HOOKLINE_HASH_KEY: 'a key of tests, longer than 32 characters',
        HOOKLINE_OKTA_ISSUER: `${NOWHERE}/oauth2/default`,
        HOOKLINE_OKTA_AUDIENCE: 'api://default',
        HOOKLINE_OKTA_CLIENT_ID: '0oatest',
        HOOKLINE_OKTA_SCOPE: 'telephony.send',
        OKTA_API_TOKEN: 'token-of-tests',
      },
      '--url',
      `${NOWHERE}/mfa`,
      '--org',
      NOWHERE,
    )
    assert.equal(code, 4)
    assert.deepEqual(
      found.map(({ check, severity }) => `${severity} ${check}`),
      [
        'error issuer',
        'error hook active',
        'error endpoint',
        'error credentials',
        'error store',
        'warning clock',
      ],
    )
    const causes = found.map(({ cause }) => cause).join('\n')
    assert.match(causes, /^The store could not be read: The folder data has no store\./m)
    assert.doesNotMatch(causes, /token-of-tests/)
  })

  test('no AWS credentials: reported, with how to sign in', async () => {
    const nobody = join('/dev/null', 'nothing')
    const { found } = await findings({
      AWS_REGION: 'us-east-1',
      AWS_CONFIG_FILE: nobody,
      AWS_SHARED_CREDENTIALS_FILE: nobody,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: NOWHERE,
    })
    assert.match(
      found.find(({ check }) => check === 'credentials')?.cause ?? '',
      /There are no AWS credentials\.$/,
    )
  })

  test('no AWS region: reported once, with how to set one', async () => {
    const { found } = await findings({ AWS_CONFIG_FILE: join('/dev/null', 'nothing') })
    const { cause, remedy }: Partial<Found> = found.find(({ check }) => check === 'credentials') ?? {}
    assert.equal(
      cause,
      'The AWS account could not be read: No AWS region is set, or its value is not a region (Region is missing).',
    )
    assert.equal(remedy, 'Give --region eu-west-1, or set AWS_REGION.')
  })

  test('wrong arguments are reported before anything is read', async () => {
    for (const [args, says] of [
      [['--org', 'https://example-admin.okta.com'], /address of the admin console/],
      [['--url', 'nonsense'], /--url is "nonsense"; expected the hook's address/],
      [['--region', 'us-east-1,eu-west-1'], /--region must be one region here/],
      [['--region', 'Mars'], /--region has "Mars"/],
      [['--fix'], /this is not a terminal\. Add --yes .*, or --dry-run/],
      [['--yes'], /--yes and --secret-file require --fix: doctor alone changes nothing/],
    ] as const) {
      const { code, stdout, stderr } = await runHookline(['doctor', ...args])
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, says)
    }
  })
})
