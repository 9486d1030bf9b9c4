import {
  type Environment,
  missingForService,
  readSettings as readFrom,
  type Settings,
} from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorAccess } from './access.ts'

export type ReadSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Those of the environment, as `serve` would start with them: right, and complete. */
export async function readOwnSettings(doctor: DoctorAccess): Promise<ReadSettings> {
  let environment = doctor.environment
  let secret: string | undefined
  try {
    environment = await doctor.withSecretSettings(environment)
  } catch (error) {
    const known = explainAwsError(error)
    secret = `The secret of HOOKLINE_SECRET_ID could not be read: ${messageOf(known)}`
  }
  const read = readFrom(environment)
  const own =
    read.kind === 'problems' ? read.problems : secret === undefined ? missingForService(read.settings) : []
  const problems = secret === undefined ? own : [secret, ...own]
  return problems.length > 0 || read.kind === 'problems' ? { kind: 'problems', problems } : read
}

/** Those of a deployment on AWS: what its functions were given. Its secrets are not read. */
export function readStackSettings(stack: Stack, cloud: Cloud, environment: Environment): ReadSettings {
  const ofStack = [
    ...Object.entries(PARAMETERS).map(([name, parameter]) => [name, stack.parameters.get(parameter)]),
    ...Object.entries(OUTPUTS).map(([name, output]) => [name, stack.outputs.get(output)]),
  ]
  const others = Object.entries(environment).filter(([name]) => !name.startsWith('HOOKLINE_'))
  return readFrom({ ...Object.fromEntries([...others, ...ofStack]), AWS_REGION: cloud.region })
}

export async function findStack(cloud: Cloud, name: string): Promise<Stack> {
  const stack = await cloud.stacks.find(name)
  if (stack !== undefined) return stack
  throw new Problem('usage', `--stack is "${name}"; there is no such stack in ${cloud.region}.`)
}

const PARAMETERS: Readonly<Record<string, string>> = {
  HOOKLINE_OKTA_ISSUER: 'OktaIssuer',
  HOOKLINE_OKTA_AUDIENCE: 'OktaAudience',
  HOOKLINE_OKTA_CLIENT_ID: 'OktaClientId',
  HOOKLINE_OKTA_SCOPE: 'OktaScope',
  HOOKLINE_ORGS: 'OktaOrgs',
  HOOKLINE_SECRET_HEADER: 'SecretHeaderName',
  HOOKLINE_DEFAULT_COUNTRY: 'DefaultCountry',
  HOOKLINE_UNKNOWN_RANGES: 'UnknownRanges',
  HOOKLINE_DEFAULT_LOCALE: 'DefaultLocale',
  HOOKLINE_PARTS_MAX: 'PartsMax',
  HOOKLINE_MAX_PRICE_PER_PART: 'MaxPricePerPart',
  HOOKLINE_MAX_PRICE_PER_MINUTE: 'MaxPricePerMinute',
  HOOKLINE_BUDGET_MS: 'BudgetMs',
  HOOKLINE_OVER_LIMIT_ANSWER: 'OverLimitAnswer',
  HOOKLINE_BLOCKED_ANSWER: 'BlockedAnswer',
  HOOKLINE_UNKNOWN_ANSWER: 'UnknownAnswer',
  HOOKLINE_RETENTION_DAYS: 'RetentionDays',
}
const OUTPUTS: Readonly<Record<string, string>> = {
  HOOKLINE_TABLE: 'TableName',
  HOOKLINE_CONFIGURATION_SET: 'ConfigurationSetName',
  HOOKLINE_PROTECT_CONFIGURATION: 'ProtectConfigurationId',
}
