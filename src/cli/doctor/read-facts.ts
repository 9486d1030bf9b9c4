import { readLastCanary } from '../../advice/canary/last-canary.ts'
import { planRules } from '../../config/sending-settings.ts'
import { settingTable } from '../../config/setting-table.ts'
import { type Settings, type SettingsRead, settingsOfOrg } from '../../config/settings.ts'
import type { FraudPolicy } from '../../core/policy/fraud-policy.ts'
import { isCanary } from '../../core/records/canary.ts'
import { readDeliveries } from '../../core/records/delivery-store.ts'
import type { Store } from '../../core/records/store.ts'
import { readHookUrl } from '../okta/reach.ts'
import type { Cloud } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorContext } from './access.ts'
import { FORTNIGHT_MS } from './checks/fraud.ts'
import {
  type CanaryFact,
  type Fact,
  type Facts,
  type FraudFact,
  NotApplicable,
  needed,
  type PolicyFact,
  readFact,
  required,
} from './facts.ts'
import { planOrgFix } from './org-fix.ts'
import { readAws } from './read-aws.ts'
import { findStack, readDeployed, readOwnSettings, readStackSettings } from './read-deployment.ts'
import { readClocks, readEndpoint, readIssuer } from './read-network.ts'
import { type OktaTarget, readOkta } from './read-okta.ts'
import { readTexts, skipTexts } from './texts.ts'

export type Target = OktaTarget & {
  /** The org's name in the orgs file. */
  readonly name: string | undefined
  /** Undefined: the settings are those of the environment. */
  readonly stack: string | undefined
  readonly region: string | undefined
}

/** Reads every fact once: all parties in parallel, each with one request after another. */
export async function readFacts(context: DoctorContext, target: Target): Promise<Facts> {
  const { doctor } = context
  const { read: whole, url } = await readDeployment(context, target)
  const read = ofOneOrg(whole, target)
  const settings: Fact<Settings> =
    read.kind === 'settings'
      ? { kind: 'read', value: read.settings }
      : { kind: 'skipped', why: skipTexts.needs(skipTexts.validSettings) }
  const region =
    target.region ?? (read.kind === 'settings' ? read.settings.aws.region : undefined) ?? context.homeRegion()
  const issuer = read.kind === 'settings' ? read.settings.callers.issuer : undefined
  const org = target.credential?.org

  const rotation = await readFact(async () => {
    if (target.stack !== undefined) throw new NotApplicable(skipTexts.secretsOfStack)
    const { otherHashKey } = needed(settings, skipTexts.validSettings).store
    return { isOpen: otherHashKey !== undefined }
  })

  const progress = withProgress(doctor.progress)
  const store = progress(
    'the store',
    readFact(async () => readStore(context, needed(settings, skipTexts.validSettings))),
  )
  const policy = store.then(partOf(({ policy: value }) => ({ kind: 'read', value })))
  const fraud = store.then(partOf(({ fraud: fact }) => fact))
  const canary = store.then(partOf(({ canary: fact }) => fact))
  const [aws, deployed, clocks, issuerFact, endpoint, okta, policyFact, fraudFact, canaryFact] =
    await Promise.all([
      progress(
        'the AWS account',
        readAws(context, () => context.cloud.open(region), settings, policy),
      ),
      progress('the deployment', readDeployed(context, target)),
      progress(
        'clocks',
        readFact(() => readClocks(clockAddresses(context, issuer, org, region), context.now)),
      ),
      progress(
        "the issuer's keys",
        readFact(async () => {
          needed(settings, skipTexts.validSettings)
          return readIssuer(required(issuer, skipTexts.secretOnly))
        }),
      ),
      progress(
        "the hook's endpoint",
        readFact(async () => readEndpoint(required(url, skipTexts.noHookUrl))),
      ),
      progress('the org', readOkta(context, { ...target, url }, settings)),
      policy,
      fraud,
      canary,
    ])
  const orgFix = await readFact(async () => {
    return planOrgFix(needed(settings, skipTexts.validSettings).callers, needed(okta.org, 'the org'), {
      endpoint: endpoint.kind === 'read' ? endpoint.value : undefined,
      preview: okta.preview.kind === 'read' ? okta.preview.value : undefined,
    })
  })
  const settingProblems = read.kind === 'problems' ? read.problems : []
  return {
    settingProblems: { kind: 'read', value: settingProblems },
    settings,
    clocks,
    issuer: issuerFact,
    policy: policyFact,
    fraud: fraudFact,
    canary: canaryFact,
    rotation,
    endpoint,
    ...aws,
    ...deployed,
    ...okta,
    orgFix,
  }
}

/** The settings of the chosen org, if several orgs share the deployment. */
function ofOneOrg(read: SettingsRead, { name, credential }: Target): SettingsRead {
  if (read.kind === 'problems') return read
  const settings = settingsOfOrg(read.settings, { name, url: credential?.org })
  if (settings !== undefined) return { kind: 'settings', settings }
  const names = read.settings.callers.orgs?.map(org => org.name).join(', ')
  const problem =
    credential === undefined
      ? readTexts.severalOrgs(names)
      : readTexts.unknownOrg(settingTable.callers.orgs.name, names, name, credential.org)
  return { kind: 'problems', problems: [problem] }
}

/** Settings and address: of a stack, or of this environment. */
async function readDeployment(
  context: DoctorContext,
  { stack: name, region, url, credential }: Target,
): Promise<{ readonly read: SettingsRead; readonly url: string | undefined }> {
  const checked = url === undefined ? undefined : readHookUrl(url, credential?.org ?? url)
  if (name === undefined) return { read: await readOwnSettings(context.doctor), url: checked }
  let cloud: Cloud | undefined
  try {
    cloud = await context.cloud.open(region ?? context.homeRegion())
    const stack = await findStack(cloud, name)
    const read = readStackSettings(stack, cloud)
    return { read, url: checked ?? stack.outputs.get('HookUrl') }
  } finally {
    cloud?.close()
  }
}

type StoreFacts = {
  readonly policy: PolicyFact
  readonly fraud: Fact<FraudFact>
  readonly canary: Fact<CanaryFact>
}

/** What is read, or why the whole was not. */
function partOf<T>(part: (facts: StoreFacts) => Fact<T>): (whole: Fact<StoreFacts>) => Fact<T> {
  return whole => (whole.kind === 'read' ? part(whole.value) : whole)
}

async function readStore(context: DoctorContext, settings: Settings): Promise<StoreFacts> {
  const { table, dataFolder } = settings.store
  const where = table === undefined ? `The folder ${dataFolder}` : `The table ${table}`
  const store = await context.doctor.openStore(settings)
  if (store === undefined) {
    throw new Problem('settings', readTexts.noStore(where))
  }
  try {
    const policy = await store.readPolicy()
    if (policy === undefined) throw new Error('The store returned no policy')
    const listed = await store.listDeliveries({ limit: DELIVERIES_MAX })
    const deliveries = listed.filter(delivery => !isCanary(delivery))
    const now = context.now()
    const fraud = await readFact(() => readFraud(store, policy.fraud, now))
    const canary = await readFact(async () => ({ last: await readLastCanary(store, now), now }))
    return { policy: { policy, deliveries, rules: planRules(settings), where, now }, fraud, canary }
  } finally {
    await store.close()
  }
}

async function readFraud(
  store: Pick<Store, 'pageDeliveries'>,
  policy: FraudPolicy,
  now: number,
): Promise<FraudFact> {
  const from = now - FORTNIGHT_MS
  const deliveries = await readDeliveries(store, { from, to: now + 1 }, FRAUD_DELIVERIES_MAX)
  const { deliveries: older } = await store.pageDeliveries({ limit: 1, period: { from: 0, to: from + 1 } })
  const [oldest] = older.filter(({ credit }) => credit !== undefined)
  const isWhole = deliveries.length < FRAUD_DELIVERIES_MAX
  return { policy, deliveries, isWhole, judgedSince: oldest?.openedAt, now }
}

function clockAddresses(
  { doctor }: DoctorContext,
  issuer: string | undefined,
  org: string | undefined,
  region: string | undefined,
) {
  const okta = issuer === undefined ? org : `${issuer}/.well-known/oauth-authorization-server`
  return [
    ...(okta === undefined ? [] : [{ who: 'Okta', url: okta }]),
    { who: 'AWS', url: doctor.awsAddress(region ?? 'us-east-1') },
  ]
}

const DELIVERIES_MAX = 1_000
const FRAUD_DELIVERIES_MAX = 5_000

/** Reports what is still being read, once it takes long. */
function withProgress(say: (text: string) => void) {
  return async <T>(what: string, work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => say(readTexts.stillReading(what)), LONG_MS)
    try {
      return await work
    } finally {
      clearTimeout(timer)
    }
  }
}

const LONG_MS = 3_000
