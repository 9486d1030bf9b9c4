import { outputNames, type Setting } from '../../config/setting.ts'
import { allSettings, settingTable } from '../../config/setting-table.ts'
import { missingForService, readSettings as readFrom, type SettingsRead } from '../../config/settings.ts'
import { messageOf } from '../../core/values/printable.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import type { DoctorAccess } from './access.ts'

/** Those of the environment, as `serve` would start with them: right, and complete. */
export async function readOwnSettings(doctor: DoctorAccess): Promise<SettingsRead> {
  let environment = doctor.environment
  let secret: string | undefined
  try {
    environment = await doctor.withSecretSettings(environment)
  } catch (error) {
    const known = explainAwsError(error)
    secret = `The secret of ${settingTable.store.secretId.name} could not be read: ${messageOf(known)}`
  }
  const read = readFrom(environment)
  const own =
    read.kind === 'problems' ? read.problems : secret === undefined ? missingForService(read.settings) : []
  const problems = secret === undefined ? own : [secret, ...own]
  return problems.length > 0 || read.kind === 'problems' ? { kind: 'problems', problems } : read
}

/** Those of a deployment on AWS: those of its functions. Its secrets are not read. */
export function readStackSettings(stack: Stack, { region }: Pick<Cloud, 'region'>): SettingsRead {
  const ofStack = allSettings.map(setting => [setting.name, valueIn(stack, setting)])
  return readFrom(Object.fromEntries([...ofStack, [settingTable.aws.region.name, region]]))
}

export async function findStack(cloud: Cloud, name: string): Promise<Stack> {
  const stack = await cloud.stacks.find(name)
  if (stack !== undefined) return stack
  throw new Problem('usage', `--stack is "${name}"; there is no such stack in ${cloud.region}.`)
}

/** Of a parameter its value, of a resource the output that names it; a secret stays where it is. */
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
