import { messageOf } from '../../core/values/printable.ts'
import { joinRanges } from '../../okta/address-ranges.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import type { CloudContext } from '../terminal/context.ts'

export type AccountSettings = {
  /** Parameters that depend on the account, unless they are given. */
  readonly values: ReadonlyMap<string, string>
  /** AWS writes no spend metrics without this role: the deployment creates it. */
  readonly lacksMessagingRole: boolean
}

/**
 * Reads what the stack shares with the rest of the account, and prints a line for each part. A part that cannot be read is
 * reported and left unchanged: it never stops a deployment.
 */
export async function readAccountSettings(
  cloud: Cloud,
  context: CloudContext,
  stack: Stack | undefined,
  chosen: ReadonlyMap<string, string>,
): Promise<AccountSettings> {
  const values = new Map<string, string>()
  const lacksMessagingRole = await readMessagingRole(cloud, context)
  const logRole = chosen.get('ApiLogRole') ?? (await chooseLogRole(cloud, context, stack))
  values.set('ApiLogRole', logRole)
  const isFirewallOff = (chosen.get('Firewall') ?? stack?.parameters.get('Firewall')) === 'off'
  const ranges = chosen.has('OktaAddresses') || isFirewallOff ? undefined : await readRanges(context)
  if (ranges !== undefined) values.set('OktaAddresses', ranges)
  return { values, lacksMessagingRole }
}

/** Called after the confirmation and before the stack: without this role, AWS does not write the metrics that an alarm watches. */
export async function createMessagingRole(
  cloud: Cloud,
  { print }: Pick<CloudContext, 'print'>,
): Promise<void> {
  try {
    await cloud.services.createMessagingRole()
    print('✓ spend metrics the service-linked role of AWS End User Messaging is created')
  } catch (error) {
    print(`! spend metrics the service-linked role could not be created. ${why(error)} ${BY_HAND}`)
  }
}

async function readMessagingRole(cloud: Cloud, { print }: CloudContext): Promise<boolean> {
  try {
    const exists = await cloud.services.hasMessagingRole()
    print(
      exists
        ? '✓ spend metrics the service-linked role of AWS End User Messaging exists'
        : '! spend metrics the account has no service-linked role of AWS End User Messaging: the deployment creates it',
    )
    return !exists
  } catch (error) {
    print(`! spend metrics AWS's permission to write them could not be checked. ${why(error)} ${BY_HAND}`)
    return false
  }
}

/** An existing role is never overwritten: other APIs write their logs with it. */
async function chooseLogRole(
  cloud: Cloud,
  { print }: CloudContext,
  stack: Stack | undefined,
): Promise<string> {
  const before = stack?.parameters.get('ApiLogRole')
  if (before !== undefined) return before
  try {
    const role = await cloud.services.apiLogRole()
    print(
      role === undefined
        ? '✓ API log role  none in this region yet: the stack creates one (ApiLogRole=create)'
        : `✓ API log role  ${role} stays (ApiLogRole=keep)`,
    )
    return role === undefined ? 'create' : 'keep'
  } catch (error) {
    print(
      `! API log role  could not be read, and is left unchanged (ApiLogRole=keep). ${why(error)} If there is none yet: --set ApiLogRole=create`,
    )
    return 'keep'
  }
}

async function readRanges({ cloud, print }: CloudContext): Promise<string | undefined> {
  try {
    const ranges = await cloud.readOktaRanges()
    print(`✓ Okta's ranges ${ranges.length}, as Okta publishes them`)
    return joinRanges(ranges, PARAMETER_CHARACTERS_MAX)
  } catch (error) {
    print(`! Okta's ranges could not be read, and are left unchanged. ${why(error)}`)
    return undefined
  }
}

function why(error: unknown): string {
  return messageOf(explainAwsError(error))
}

const BY_HAND = 'By hand: aws iam create-service-linked-role --aws-service-name sms-voice.amazonaws.com'
/** CloudFormation takes 4,096 bytes. */
const PARAMETER_CHARACTERS_MAX = 4_000
