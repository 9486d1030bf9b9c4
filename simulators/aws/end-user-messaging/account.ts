import { createHash } from 'node:crypto'
import {
  type AccountSetting,
  type NumberSetting,
  type OptedOutSetting,
  readAccountSetting,
  type SenderIdSetting,
} from './account-setting.ts'
import type { Problem } from './control-input.ts'

/** An account of AWS End User Messaging: numbers, pools, sender IDs, RCS agents and limits. */
export type Account = {
  readonly setting: () => AccountSetting
  /** Replaces the whole account, or returns a problem and keeps the current one. */
  set(input: unknown): AccountSetting | Problem
  /** Restores the default account. */
  reset(): void
  /** Removes a number from its opt-out list; false within 30 days of the last removal, which AWS refuses. */
  optIn(optedOut: OptedOutSetting, now: number): boolean
}

export function createAccount(): Account {
  let setting = DEFAULT
  const optedInAt = new Map<string, number>()
  return {
    setting: () => setting,
    set(input) {
      const read = readAccountSetting(input)
      if (!('problem' in read)) setting = read
      return read
    },
    reset() {
      setting = DEFAULT
      optedInAt.clear()
    },
    optIn({ number, list }, now) {
      const last = optedInAt.get(number)
      if (last !== undefined && now - last < OPT_IN_EVERY_MS) return false
      optedInAt.set(number, now)
      const optedOut = setting.optedOut.filter(one => one.number !== number || one.list !== list)
      setting = { ...setting, optedOut }
      return true
    },
  }
}

/** AWS's ID of a number; always the same for one number. */
export function phoneNumberId({ number }: NumberSetting): string {
  return `phone-${createHash('sha256').update(number).digest('hex').slice(0, 32)}`
}

export function phoneNumberArn(number: NumberSetting, region: string): string {
  return arn(region, `phone-number/${phoneNumberId(number)}`)
}

export function senderIdArn({ name, country }: SenderIdSetting, region: string): string {
  return arn(region, `sender-id/${name}/${country}`)
}

export function rcsAgentArn(id: string, region: string): string {
  return arn(region, `rcs-agent/${id}`)
}

export function poolArn(id: string, region: string): string {
  return arn(region, `pool/${id}`)
}

/**
 * How a text from this identity is sent by RCS, and the name of the verified sender, if the account has the agent; nothing
 * for SMS. `only`: from an agent; `first`: from a pool with one, which falls back to SMS.
 */
export function rcsOf(
  from: string,
  { rcsAgents }: AccountSetting,
): { readonly rcs?: 'only' | 'first'; readonly verifiedSender?: string } {
  const [id = ''] = from.split('/').slice(-1)
  const isAgent = /^(arn:.*:rcs-agent\/)?rcs-[0-9a-zA-Z]+$/.test(from)
  const agent = rcsAgents.find(one => (isAgent ? one.id === id : one.pool === id && one.status === 'ACTIVE'))
  if (!isAgent && agent === undefined) return {}
  return { rcs: isAgent ? 'only' : 'first', ...(agent !== undefined && { verifiedSender: agent.name }) }
}

function arn(region: string, resource: string): string {
  return `arn:aws:sms-voice:${region}:123456789012:${resource}`
}

/**
 * An account that can text and call the countries of AWS's simulator numbers. Its numbers are reserved for fiction if
 * the country has such numbers; the members of its pools are simulator numbers, which belong to AWS.
 */
const DEFAULT: AccountSetting = defaultAccount()

const OPT_IN_EVERY_MS = 30 * 24 * 3_600_000 // API reference, DeleteOptedOutNumber

function defaultAccount(): AccountSetting {
  const setting = readAccountSetting({
    numbers: [
      { number: '+61491570156', country: 'AU' },
      { number: '+4915200000100', country: 'DE' },
      { number: '+33639980100', country: 'FR' },
      { number: '+447700900100', country: 'GB' },
      { number: '+46701740605', country: 'SE' },
      { number: '+12065550100', country: 'US', type: 'TEN_DLC', registrationId: 'registration-demo0US' },
      {
        number: '+18665550100',
        country: 'US',
        type: 'TOLL_FREE',
        status: 'PENDING',
        registrationId: 'registration-demo1US',
      },
      { number: '+41798075872', country: 'CH', pool: 'pool-demo0CH' },
      { number: '+34683783440', country: 'ES', pool: 'pool-demo0ES' },
      { number: '+394390009172', country: 'IT', pool: 'pool-demo0IT' },
      { number: '+3197008100148', country: 'NL', pool: 'pool-demo0NL' },
      { number: '+48732141440', country: 'PL', pool: 'pool-demo0PL' },
      { number: '+351927946948', country: 'PT', pool: 'pool-demo0PT' },
    ],
    pools: ['CH', 'ES', 'IT', 'NL', 'PL', 'PT'].map(country => ({ id: `pool-demo0${country}` })),
    senderIds: [{ name: 'HOOKLINE', country: 'GB', isRegistered: true }],
  })
  if ('problem' in setting) throw new Error(setting.problem)
  return setting
}
