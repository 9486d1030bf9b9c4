import type { Environment } from '../../config/environment.ts'
import { outputNames, type Setting } from '../../config/setting.ts'
import { allSettings, settingTable } from '../../config/setting-table.ts'
import { missingForService, readSettings as readFrom, type SettingsRead } from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'
import { rangesBeyond } from '../../okta/address-ranges.ts'
import { codeKey } from '../deploy/code-release.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorAccess, DoctorContext } from './access.ts'
import { type Facts, NotApplicable, needed, readFact, required } from './facts.ts'
import { readTexts, skipTexts } from './texts.ts'

/** Settings of the environment, checked as `serve` checks them. */
export async function readOwnSettings(doctor: DoctorAccess): Promise<SettingsRead> {
  let environment = doctor.environment
  let secret: string | undefined
  try {
    environment = await doctor.withSecretSettings(environment)
  } catch (error) {
    const known = explainAwsError(error)
    secret = readTexts.secretUnread(settingTable.store.secretId.name, messageOf(known))
  }
  const read = readFrom(environment)
  const own =
    read.kind === 'problems' ? read.problems : secret === undefined ? missingForService(read.settings) : []
  const problems = secret === undefined ? own : [secret, ...own]
  return problems.length > 0 || read.kind === 'problems' ? { kind: 'problems', problems } : read
}

/** Settings of the functions of a deployment on AWS. Its secrets are not read. */
export function readStackSettings(stack: Stack, cloud: Pick<Cloud, 'region'>): SettingsRead {
  return readFrom(stackEnvironment(stack, cloud))
}

/** The same as an environment; its secrets are named, not read. */
export function stackEnvironment(stack: Stack, { region }: Pick<Cloud, 'region'>): Environment {
  const ofStack = allSettings.map(setting => [setting.name, valueIn(stack, setting)])
  return Object.fromEntries([...ofStack, [settingTable.aws.region.name, region]])
}

export async function findStack(cloud: Cloud, name: string): Promise<Stack> {
  const stack = await cloud.stacks.find(name)
  if (stack !== undefined) return stack
  throw new Problem('usage', readTexts.noStack(name, cloud.region))
}

/** The value of a parameter, or the output that names a resource; never a secret. */
function valueIn({ parameters, outputs }: Stack, { deployed }: Setting): string | undefined {
  switch (deployed.kind) {
    case 'parameter':
      return parameters.get(deployed.parameter.name)
    case 'resource':
      return deployed.resources.hook && outputs.get(outputNames[deployed.resources.hook])
    case 'secret':
    case 'none':
      return undefined
  }
}

/** The code of a stack's functions, and Okta's addresses that its firewall lacks. Without a stack, there is nothing to compare. */
export async function readDeployed(
  context: DoctorContext,
  { stack: name, region }: { readonly stack: string | undefined; readonly region: string | undefined },
): Promise<Pick<Facts, 'functionCode' | 'oktaAddresses'>> {
  if (name === undefined) {
    return {
      functionCode: { kind: 'read', value: [] },
      oktaAddresses: { kind: 'read', value: { missing: [] } },
    }
  }
  let cloud: Cloud | undefined
  try {
    const stack = await readFact(async () => {
      cloud = await context.cloud.open(region ?? context.homeRegion())
      return findStack(cloud, name)
    })
    const functionCode = await readFact(() =>
      readCode(required(cloud, skipTexts.needs('AWS')), needed(stack, 'the stack')),
    )
    const oktaAddresses = await readFact(() => readAddresses(context, needed(stack, 'the stack')))
    return { functionCode, oktaAddresses }
  } finally {
    cloud?.close()
  }
}

async function readCode(cloud: Cloud, { parameters, outputs }: Stack) {
  const { account } = await cloud.whoAmI()
  const release = required(outputs.get('Release'), skipTexts.noRelease)
  const bucket = parameters.get('CodeBucket') ?? ''
  const isOn = (name: string): boolean => parameters.get(name) === 'true'
  const deployed = functionsOf({
    oneFunction: isOn('OneFunction'),
    events: isOn('OktaEvents'),
    figures: isOn('Figures'),
    canary: !['', 'off'].includes(parameters.get('Canary') ?? ''),
  })
  const read = deployed.map(async ({ archive, parameter, version, alias }) => {
    const known = parameters.get(version) ?? ''
    if (known === '') throw new NotApplicable(skipTexts.noCodeVersions)
    const name = parameters.get(parameter) ?? ''
    const put = await cloud.codeBucket.checksumOf(bucket, account, codeKey(release, archive), known)
    return { name, put, runs: (await cloud.services.functionCode(name, alias))?.sha256 }
  })
  return Promise.all(read)
}

async function readAddresses({ cloud }: DoctorContext, { parameters }: Stack) {
  if (parameters.get('Firewall') === 'off') throw new NotApplicable(skipTexts.firewallOff)
  const known = (parameters.get('OktaAddresses') ?? '').split(',')
  return { missing: rangesBeyond(await cloud.readOktaRanges(), known) }
}

/** The function that answers Okta, and what the gateway calls of it. */
export function hookOf({ parameters }: Stack): { readonly name: string; readonly alias: string } {
  const { parameter, alias = '' } = parameters.get('OneFunction') === 'true' ? HOOK_WITHOUT_AUTHORIZER : HOOK
  return { name: parameters.get(parameter) ?? '', alias }
}

type DeployedFunction = {
  readonly archive: string
  /** Has its name. */
  readonly parameter: string
  readonly version: string
  /** What the gateway calls. */
  readonly alias?: string
}

/** By the parameters OneFunction, OktaEvents, Figures and Canary. */
function functionsOf(by: {
  readonly oneFunction: boolean
  readonly events: boolean
  readonly figures: boolean
  readonly canary: boolean
}): readonly DeployedFunction[] {
  return [
    ...(by.oneFunction ? [HOOK_WITHOUT_AUTHORIZER] : [HOOK, AUTHORIZER]),
    RECEIPTS,
    ...(by.events ? [EVENTS] : []),
    ...(by.figures ? [FIGURES] : []),
    ...(by.canary ? [CANARY] : []),
  ]
}

const HOOK: DeployedFunction = {
  archive: 'hook.zip',
  parameter: 'LambdaAPITriggerFunctionName',
  version: 'HookCodeVersion',
  alias: 'live',
}
const HOOK_WITHOUT_AUTHORIZER: DeployedFunction = {
  archive: 'one-function.zip',
  parameter: 'LambdaAPITriggerFunctionName',
  version: 'OneFunctionCodeVersion',
  alias: 'live-one',
}
const AUTHORIZER: DeployedFunction = {
  archive: 'authorizer.zip',
  parameter: 'LambdaAuthorizerFunctionName',
  version: 'AuthorizerCodeVersion',
}
const RECEIPTS: DeployedFunction = {
  archive: 'receipts.zip',
  parameter: 'ReceiptsFunctionName',
  version: 'ReceiptsCodeVersion',
}
const EVENTS: DeployedFunction = {
  archive: 'events.zip',
  parameter: 'EventsFunctionName',
  version: 'EventsCodeVersion',
}
const FIGURES: DeployedFunction = {
  archive: 'figures.zip',
  parameter: 'FiguresFunctionName',
  version: 'FiguresCodeVersion',
}
const CANARY: DeployedFunction = {
  archive: 'canary.zip',
  parameter: 'CanaryFunctionName',
  version: 'CanaryCodeVersion',
}
