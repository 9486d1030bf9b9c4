import { messageOf } from '../../core/values/printable.ts'
import { joinRanges } from '../../okta/address-ranges.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import type { CloudContext } from '../terminal/context.ts'

export type AccountSettings = {
  /** Parameters of the template that the account decides, where nobody gave them. */
  readonly values: ReadonlyMap<string, string>
  /** AWS writes no spend metrics without this role: the deployment makes it. */
  readonly lacksMessagingRole: boolean
}

/**
 * What the stack shares with the rest of the account, each as one line of the plan. What cannot be read is said and
 * left as it is: it never stops a deployment.
 */
export async function readAccountSettings(
  cloud: Cloud,
  context: CloudContext,
  stack: Stack | undefined,
  given: ReadonlyMap<string, string>,
): Promise<AccountSettings> {
  const values = new Map<string, string>()
  const lacksMessagingRole = await readMessagingRole(cloud, context)
  const logRole = given.get('ApiLogRole') ?? (await chooseLogRole(cloud, context, stack))
  values.set('ApiLogRole', logRole)
  const isFirewallOff = (given.get('Firewall') ?? stack?.parameters.get('Firewall')) === 'off'
  const ranges = given.has('OktaAddresses') || isFirewallOff ? undefined : await readRanges(context)
  if (ranges !== undefined) values.set('OktaAddresses', ranges)
  return { values, lacksMessagingRole }
}

/** After the question, before the stack: AWS writes the metrics that an alarm watches only once it is there. */
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
    const isThere = await cloud.services.hasMessagingRole()
    print(
      isThere
        ? '✓ spend metrics the service-linked role of AWS End User Messaging is there'
        : '! spend metrics the account has no service-linked role of AWS End User Messaging: the deployment creates it',
    )
    return !isThere
  } catch (error) {
    print(`! spend metrics whether AWS may write them could not be read. ${why(error)} ${BY_HAND}`)
    return false
  }
}

/** A role that the account has is never overwritten: other APIs write their logs with it. */
async function chooseLogRole(
  cloud: Cloud,
  { print }: CloudContext,
  stack: Stack | undefined,
): Promise<string> {
  const before = stack?.parameters.get('ApiLogRole')
  if (before !== undefined) return before
  // A stack from before this parameter made the role itself.
  if (stack !== undefined) return 'create'
  try {
    const role = await cloud.services.apiLogRole()
    print(
      role === undefined
        ? '✓ API log role  none in this region yet: the stack makes one (ApiLogRole=create)'
        : `✓ API log role  ${role} stays (ApiLogRole=keep)`,
    )
    return role === undefined ? 'create' : 'keep'
  } catch (error) {
    print(
      `! API log role  could not be read, and is left as it is (ApiLogRole=keep). ${why(error)} Where there is none yet: --set ApiLogRole=create`,
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
    print(`! Okta's ranges could not be read, and stay as they are. ${why(error)}`)
    return undefined
  }
}

function why(error: unknown): string {
  const known = explainAwsError(error)
  return messageOf(known)
}

const BY_HAND = 'By hand: aws iam create-service-linked-role --aws-service-name sms-voice.amazonaws.com'
/** CloudFormation takes 4,096 bytes. */
const PARAMETER_CHARACTERS_MAX = 4_000
