import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  APP,
  factsOf,
  findingsOf,
  HOOK,
  ORG,
  settingsWith,
  TOKENS,
} from '../../../test/fixtures/doctor-facts.ts'
import { allShippedTexts, NOW, planRules } from '../../../test/fixtures/planning.ts'
import { defaultFraudPolicy } from '../../core/policy/fraud-policy.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { Route } from '../../core/policy/route.ts'
import { defaultRoutingPolicy } from '../../core/policy/routing-policy.ts'
import type { Store } from '../../core/records/store.ts'
import { allCountries } from '../../core/values/phone-number.ts'
import { Secret } from '../../core/values/secret.ts'
import type { Step } from '../../okta/setup/step.ts'
import { askingOnce } from '../okta/credential.ts'
import type { OktaAccess } from '../terminal/context.ts'
import type { DoctorContext } from './access.ts'
import { checks } from './checks.ts'
import { describeExamination } from './describe-examination.ts'
import { examine } from './examine.ts'
import type { FactValues } from './facts.ts'
import { checkFixOptions, type Examined, type FixOptions, fixFindings } from './fix.ts'

const NUMBER = '+12065550100'
const ROUTES: readonly Route[] = [
  { country: 'US', channel: 'sms', candidates: [{ identity: NUMBER }] },
  { country: 'US', channel: 'voice', candidates: [{ identity: NUMBER }] },
]
const POLICY = {
  version: 1,
  templates: [],
  routes: ROUTES,
  limits: defaultLimits,
  fraud: defaultFraudPolicy,
  routing: defaultRoutingPolicy,
}
const EMPTY: FactValues['policy'] = {
  policy: POLICY,
  rules: planRules,
  deliveries: [],
  where: 'The folder data',
  now: NOW,
}
const FULL: FactValues['policy'] = { ...EMPTY, policy: { ...POLICY, templates: allShippedTexts } }
const SERVED = {
  channel: 'sms',
  hasDefaultRoute: false,
  served: ['US'],
  stillBlocked: [],
  watch: [],
} as const
const PROTECT: FactValues['protect'] = {
  id: 'protect-1',
  differences: [{ ...SERVED, allow: ['US'], block: ['KP'] }],
}
const BROKEN: Partial<FactValues> = {
  settings: settingsWith(),
  region: { name: 'us-east-1', hasMessaging: true },
  policy: EMPTY,
  protect: PROTECT,
}
const FIXED: Partial<FactValues> = { ...BROKEN, policy: FULL, protect: { ...PROTECT, differences: [] } }
const CHANGE_APP: Step = {
  mark: 'changed',
  what: 'service app',
  name: 'a name',
  sentence: 'DPoP off.',
  action: 'change app',
  needs: 'okta.apps.manage',
}
const TARGET: FactValues['orgFix']['target'] = {
  method: { kind: 'token', scope: 'telephony.send' },
  isPreparing: true,
  isFixing: true,
  hook: undefined,
  adopt: 'none',
  appClientId: undefined,
}

describe('which findings --fix fixes', () => {
  const client = (steps: readonly Step[]) =>
    findingsOf({
      tokens: { ...TOKENS, org: { ...ORG, apps: [{ ...APP, needsDpop: true }] } },
      orgFix: { target: TARGET, steps },
    })

  test('only those of the org that have a step in the plan', () => {
    assert.deepEqual(
      client([CHANGE_APP]).map(({ check, fix }) => [check, fix]),
      [['client', 'org']],
    )
    assert.deepEqual(
      client([{ ...CHANGE_APP, action: 'create scope' }]).map(({ fix }) => fix),
      [undefined],
    )
  })

  test('a store without templates, and the protect configuration', () => {
    const found = findingsOf(BROKEN).map(({ check, fix }) => `${check}: ${fix}`)
    assert.deepEqual([...new Set(found)], ['store: templates', 'templates: templates', 'protect: protect'])
  })

  test('never the phone authenticator, and not one missing template among others', () => {
    const phone = {
      id: 'aut1',
      name: 'Phone',
      allowedFor: 'any',
      settings: {},
      isActive: false,
      sms: false,
      voice: false,
    }
    const [off] = findingsOf({
      org: { org: { ...ORG, phone }, hook: HOOK, url: undefined },
      orgFix: { target: TARGET, steps: [CHANGE_APP] },
    })
    assert.deepEqual([off?.check, off?.fix], ['phone authenticator', undefined])
    const policy = { ...EMPTY, policy: { ...POLICY, templates: allShippedTexts.slice(0, 1) } }
    assert.ok(findingsOf({ policy }).every(({ fix }) => fix === undefined))
  })

  test('are marked below the remedy', () => {
    const text = describeExamination(examine(checks, factsOf(BROKEN)), false)
    assert.match(text, /templates import\n +doctor --fix can fix this\.$/m)
  })
})

describe('fixing findings', () => {
  type World = { isFailing?: boolean; answer?: string; options?: Partial<FixOptions> }

  /** An account and a store that record their changes. */
  async function run({ isFailing = false, answer = 'yes', options = {} }: World) {
    const done: string[] = []
    const printed: string[] = []
    const store = { close: async () => undefined } as Store
    const account = {
      changeCountryRules: async (_: string, channel: string, rules: ReadonlyMap<string, string>) => {
        done.push(`${channel} ${JSON.stringify([...rules])}`)
      },
      countryRules: async () => new Map(ALL_BLOCKED),
    }
    const context = {
      print: (text: string) => void printed.push(text),
      okta: { isAtTerminal: true, ask: async () => answer },
      cloud: { open: async () => ({ account, close: () => undefined }) },
      doctor: {
        openStore: async () => store,
        progress: () => undefined,
        shippedTemplates: async () => ({
          count: 3,
          putInto: async () => {
            if (isFailing) throw new Error('The disk is full.')
            done.push('templates')
          },
        }),
      },
    } as unknown as DoctorContext
    let looks = 0
    const look = async (): Promise<Examined> => {
      looks++
      const facts = factsOf(looks === 1 || isFailing ? BROKEN : FIXED)
      return { facts, examination: examine(checks, facts) }
    }
    const asked = { credential: undefined, to: NUMBER, secretFile: undefined }
    const result = await fixFindings(context, { preview: true, ...options }, asked, look)
    return { ...result, done, looks, text: printed.join('\n') }
  }

  test('shows all changes, asks once, makes them, and checks again', async () => {
    const { examination, fixes, done, looks, text } = await run({})
    assert.deepEqual(done, ['templates', 'sms [["KP","BLOCK"],["US","ALLOW"]]'])
    assert.deepEqual(
      fixes.map(({ fix, outcome }) => `${fix} ${outcome}`),
      ['templates fixed', 'protect fixed'],
    )
    assert.deepEqual([looks, examination.findings], [2, []])
    assert.match(text, /The folder data\n\nThe 3 templates .* There are none now\./)
    assert.match(text, /^sms +BLOCK +ALLOW +1 +US$/m)
    assert.match(text, /✓ added +3 templates\n +✓ written +protect-1\n\nChecking again:/)
  })

  test('changes nothing after another answer than yes, and nothing in a dry run', async () => {
    const runs = [await run({ answer: 'n' }), await run({ options: { dryRun: true } })]
    for (const { fixes, done, looks, text } of runs) {
      assert.deepEqual([done, looks], [[], 1])
      assert.deepEqual(
        fixes.map(({ outcome }) => outcome),
        ['skipped', 'skipped'],
      )
      assert.match(text, /Nothing was changed/)
    }
  })

  test('a failure is reported, and the other changes are still made', async () => {
    const { fixes, done, examination, text } = await run({ isFailing: true, options: { yes: true } })
    assert.deepEqual(
      fixes.map(({ fix, outcome, why }) => [fix, outcome, why]),
      [
        ['templates', 'failed', 'The disk is full.'],
        ['protect', 'fixed', undefined],
      ],
    )
    assert.equal(done.length, 1)
    assert.match(text, /✗ The folder data: The disk is full\./)
    assert.ok(examination.findings.length > 0)
  })

  test('with --json, nothing is printed in between', async () => {
    const { text, fixes } = await run({ options: { json: true, yes: true } })
    assert.equal(text, '')
    assert.deepEqual(fixes[1]?.changes, ['sms to US is allowed.', 'sms to KP is blocked.'])
  })
})

describe('the options of --fix', () => {
  const check = (options: Partial<FixOptions>, isAtTerminal = true) =>
    checkFixOptions({ okta: { isAtTerminal } } as DoctorContext, { preview: true, ...options })

  test('require --fix, and a terminal or --yes', () => {
    for (const [options, says] of [
      [{ yes: true }, /require --fix/],
      [{ dryRun: true }, /require --fix/],
      [{ secretFile: 'x' }, /require --fix/],
      [{ fix: true, all: true, yes: true }, /one org at a time\. Name it with --org/],
      [{ fix: true, json: true }, /Add --yes to make the changes, or --dry-run/],
      [{ fix: true, org: 'x', preview: false }, /Leave one of them out, or add --dry-run/],
    ] as const)
      assert.throws(() => check(options), says)
    assert.throws(() => check({ fix: true }, false), /not a terminal\. Add --yes/)
  })

  test('need no terminal for a dry run or with --yes', () => {
    check({}, false)
    check({ fix: true })
    check({ fix: true, yes: true, json: true }, false)
    check({ fix: true, dryRun: true, json: true, org: 'x', preview: false }, false)
  })

  test('a value that was typed once is not requested again', async () => {
    let asked = 0
    const askHidden = async () => new Secret(String(++asked))
    const okta = askingOnce({ askHidden } as unknown as OktaAccess)
    const answers = [await okta.askHidden('a'), await okta.askHidden('a'), await okta.askHidden('b')]
    assert.deepEqual(
      answers.map(answer => answer.reveal()),
      ['1', '1', '2'],
    )
  })
})

const ALL_BLOCKED = [...allCountries()].map(
  country => [country, country === 'US' ? 'ALLOW' : 'BLOCK'] as const,
)
