import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { phoneNumberArn, phoneNumberId, poolArn, rcsAgentArn, senderIdArn } from './account.ts'
import type { AccountSetting, NumberSetting, RcsAgentSetting, SenderIdSetting } from './account-setting.ts'
import { type AwsError, awsError } from './aws-error.ts'
import type { MessageContent } from './message.ts'

/**
 * Whether the account may send this: a number that opted out never gets a text; with `judgesSends` the identity must
 * also exist, be active, be able to send this, and belong to the recipient's country. The same rules apply to a dry
 * run. AWS does not publish which reason it gives when; this is inferred from the names.
 */
export function judgeSend(
  setting: AccountSetting,
  region: string,
  content: MessageContent,
): AwsError | undefined {
  const { to, channel } = content
  if (channel === 'sms' && setting.optedOut.some(one => digitsOf(one.number) === digitsOf(to)))
    return awsError('ConflictException', 'Destination phone number is opted out', {
      reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT',
    })
  if (!setting.judgesSends || content.templateId !== undefined) return undefined
  if (setting.tier === 'SANDBOX' && content.simulatorOutcome === undefined)
    return conflict('DESTINATION_PHONE_NUMBER_NOT_VERIFIED', 'The destination is not verified')
  return judgeIdentity(setting, region, content)
}

function judgeIdentity(
  setting: AccountSetting,
  region: string,
  { from, to, channel }: MessageContent,
): AwsError | undefined {
  const isHere = (one: { readonly region?: string }): boolean => (one.region ?? region) === region
  const country = parsePhoneNumberFromString(to.startsWith('+') ? to : `+${to}`)?.country
  const numbers = setting.numbers.filter(isHere)
  const number = numbers.find(
    one =>
      digitsOf(one.number) === digitsOf(from) ||
      from === phoneNumberId(one) ||
      from === phoneNumberArn(one, region),
  )
  if (number !== undefined) return judgeNumber(number, country, channel)
  const pool = setting.pools.filter(isHere).find(({ id }) => id === from || poolArn(id, region) === from)
  const names = setting.senderIds.filter(isHere)
  const agents = setting.rcsAgents.filter(isHere)
  const agent = agents.find(({ id }) => id === from || rcsAgentArn(id, region) === from)
  if (agent !== undefined) return judgeAgent(agent, country)
  if (pool !== undefined) {
    if (pool.status !== 'ACTIVE') return conflict('RESOURCE_NOT_ACTIVE', 'The pool is not active')
    if (channel === 'sms' && pool.messageType !== 'TRANSACTIONAL')
      return conflict('MESSAGE_TYPE_MISMATCH', 'The pool is not for transactional messages')
    const isAble =
      pool.hasSharedRoutes ||
      numbers.some(one => one.pool === pool.id && judgeNumber(one, country, channel) === undefined) ||
      (channel === 'sms' && names.some(one => one.pool === pool.id && one.country === country)) ||
      (channel === 'sms' &&
        agents.some(one => one.pool === pool.id && judgeAgent(one, country) === undefined))
    return isAble
      ? undefined
      : conflict('NO_ORIGINATION_IDENTITIES_FOUND', 'The pool has no identity for the destination')
  }
  return judgeSenderId(
    names.filter(one => one.name === from || senderIdArn(one, region) === from),
    country,
    from,
  )
}

function judgeAgent(
  { status, countries }: RcsAgentSetting,
  country: string | undefined,
): AwsError | undefined {
  if (status !== 'ACTIVE' && status !== 'PARTIAL')
    return conflict('RESOURCE_NOT_ACTIVE', 'The RCS agent is not active')
  return country !== undefined && countries.includes(country)
    ? undefined
    : invalid('INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', 'The RCS agent is not launched in the country')
}

function judgeNumber(
  number: NumberSetting,
  country: string | undefined,
  channel: MessageContent['channel'],
): AwsError | undefined {
  if (number.status !== 'ACTIVE') return conflict('RESOURCE_NOT_ACTIVE', 'The phone number is not active')
  if (!number.capabilities.includes(channel === 'sms' ? 'SMS' : 'VOICE'))
    return conflict('NUMBER_CAPABILITIES_MISMATCH', 'The phone number lacks the capability')
  if (channel === 'voice') return undefined
  if (number.messageType !== 'TRANSACTIONAL')
    return conflict('MESSAGE_TYPE_MISMATCH', 'The phone number is not for transactional messages')
  return number.country === country || number.sendsAbroad
    ? undefined
    : invalid('INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', 'The identity is of another country')
}

function judgeSenderId(
  entries: readonly SenderIdSetting[],
  country: string | undefined,
  from: string,
): AwsError | undefined {
  if (entries.length === 0) return awsError('ResourceNotFoundException', `Resource not found: ${from}`)
  const here = entries.find(one => one.country === country)
  if (here === undefined)
    return country === 'US' || country === 'CA'
      ? invalid('SENDER_ID_NOT_SUPPORTED', 'The destination country has no sender IDs')
      : invalid('SENDER_ID_NOT_REGISTERED', 'The sender ID is not registered in the destination country')
  return here.messageTypes.includes('TRANSACTIONAL')
    ? undefined
    : conflict('MESSAGE_TYPE_MISMATCH', 'The sender ID is not for transactional messages')
}

function conflict(reason: string, message: string): AwsError {
  return awsError('ConflictException', message, { reason })
}

function invalid(reason: string, message: string): AwsError {
  return awsError('ValidationException', message, { reason })
}

function digitsOf(number: string): string {
  return number.replace(/^\+/, '')
}
