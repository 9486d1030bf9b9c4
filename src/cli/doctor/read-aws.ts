import type { AccountIdentities } from '../../advice/account/account-identities.ts'
import { type Checked, regionsOf } from '../../advice/account/check-identities.ts'
import { settingTable } from '../../config/setting-table.ts'
import type { Settings } from '../../config/settings.ts'
import { identityKind } from '../../core/policy/route.ts'
import { compare } from '../routes/protect.ts'
import type { Cloud } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorContext } from './access.ts'
import { type Fact, type Facts, NotApplicable, needed, type PolicyFact, readFact, required } from './facts.ts'
import { skipTexts } from './texts.ts'

type AccountFacts = Pick<Facts, 'credentials' | 'region' | 'tier' | 'spendLimits'>
type SendingFacts = Pick<Facts, 'configurationSet' | 'protect' | 'identities'>

/** Reads the account from AWS, one request after another: AWS allows about one a second. */
export async function readAws(
  context: DoctorContext,
  openCloud: () => Promise<Cloud>,
  settings: Fact<Settings>,
  policy: Promise<Fact<PolicyFact>>,
): Promise<AccountFacts & SendingFacts> {
  const opened = await readFact(openCloud)
  try {
    const account = await readAccount(opened)
    const messaging = await readFact(async () => {
      needed(account.credentials, 'AWS credentials')
      const { hasMessaging } = needed(account.region, 'a region')
      required(hasMessaging || undefined, skipTexts.noMessaging)
      return needed(opened, 'AWS')
    })
    return { ...account, ...(await readSending(context, messaging, settings, await policy)) }
  } finally {
    if (opened.kind === 'read') opened.value.close()
  }
}

async function readAccount(opened: Fact<Cloud>): Promise<AccountFacts> {
  const credentials = await readFact(async () => {
    if (opened.kind === 'unread') throw new Problem('unreachable', opened.why)
    return needed(opened, 'AWS').whoAmI()
  })
  const cloud = await readFact(async () => {
    needed(credentials, 'AWS credentials')
    return needed(opened, 'AWS')
  })
  const sandbox = await readFact(() => askForSandbox(needed(cloud, 'AWS credentials')))
  const isNowhere = sandbox.kind === 'read' && sandbox.value === 'no such region'
  const region = await readFact(async () => ({
    name: needed(cloud, 'AWS credentials').region,
    hasMessaging: !isNowhere,
  }))
  const tier = await readFact(async () => {
    if (sandbox.kind === 'unread') throw new Problem('unreachable', sandbox.why)
    const answer = needed(sandbox, 'AWS credentials')
    if (answer === 'no such region') throw new NotApplicable(skipTexts.noMessaging)
    return { region: needed(cloud, 'AWS credentials').region, isInSandbox: answer }
  })
  const spendLimits = await readFact(async () => {
    required(isNowhere ? undefined : true, skipTexts.noMessaging)
    return needed(cloud, 'AWS credentials').account.spendLimits()
  })
  return { credentials, region, tier, spendLimits }
}

async function readSending(
  context: DoctorContext,
  messaging: Fact<Cloud>,
  settings: Fact<Settings>,
  policy: Fact<PolicyFact>,
): Promise<SendingFacts> {
  const configurationSet = await readFact(async () => {
    const { configurationSet: set } = needed(settings, skipTexts.validSettings).aws
    const name = required(set, skipTexts.noConfigurationSet(names.configurationSet.name))
    const { region } = needed(messaging, 'AWS End User Messaging')
    const destinations = await context.doctor.readConfigurationSet(region, name)
    return { name, exists: destinations !== undefined, destinations: destinations ?? [] }
  })
  const protect = await readFact(async () => {
    const { protectConfiguration: set } = needed(settings, skipTexts.validSettings).aws
    const id = required(set, skipTexts.noProtectConfiguration(names.protectConfiguration.name))
    const { routes } = needed(policy, 'the store').policy
    required(routes[0], skipTexts.noRoutes)
    return { id, differences: await compare(needed(messaging, 'AWS End User Messaging'), id, { routes }) }
  })
  const identities = await readFact(async () => {
    const { region } = needed(messaging, 'AWS End User Messaging')
    return readIdentities(context, region, needed(policy, 'the store'))
  })
  return { configurationSet, protect, identities }
}

async function askForSandbox(cloud: Cloud): Promise<boolean | undefined | 'no such region'> {
  try {
    return await cloud.account.isInSandbox()
  } catch (error) {
    // Each region has its own host; without the service, the name does not exist.
    if (/ENOTFOUND/.test(String(error))) return 'no such region'
    throw error
  }
}

async function readIdentities(
  context: DoctorContext,
  homeRegion: string,
  { policy: { routes }, deliveries, now }: PolicyFact,
): Promise<Checked> {
  required(routes[0], skipTexts.noRoutes)
  const candidates = routes.flatMap(route => route.candidates)
  const hasNotify = candidates.some(({ identity }) => identityKind(identity) === 'notify configuration')
  const accounts = new Map<string, AccountIdentities>()
  for (const region of regionsOf(routes, homeRegion))
    accounts.set(region, await context.readAccount({ region, hasNotify }))
  return { routes, accounts, homeRegion, deliveries, now }
}

const { aws: names } = settingTable
