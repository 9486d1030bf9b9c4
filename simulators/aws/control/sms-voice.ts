import type { Faults } from './faults.ts'
import { type Answer, json } from './http.ts'

/** Capability (`SMS`, `VOICE`) to country to status. */
type CountryRules = Map<string, Map<string, string>>
type NumberRules = Map<string, { readonly action: string; readonly until: number | undefined }>

export type SmsVoice = {
  /** Protect configuration ID to its rules: `PUT /protect` creates one. */
  readonly protect: Map<string, CountryRules>
  /** Rules for single numbers, by protect configuration and number. */
  readonly numberRules: Map<string, NumberRules>
  readonly answer: (operation: string, body: string) => Answer
}

/** The operations of AWS End User Messaging that describe an account; nothing is sent. */
export function createSmsVoice(faults: () => Faults): SmsVoice {
  const protect = new Map<string, CountryRules>()
  const numberRules = new Map<string, NumberRules>()
  const operations: Readonly<Record<string, (input: Input) => Answer>> = {
    DescribeAccountAttributes: () =>
      answer({ AccountAttributes: [{ Name: 'ACCOUNT_TIER', Value: faults().tier ?? 'PRODUCTION' }] }),
    DescribeSpendLimits: () =>
      answer({
        SpendLimits: ['TEXT', 'VOICE'].map(kind => ({
          Name: `${kind}_MESSAGE_MONTHLY_SPEND_LIMIT`,
          EnforcedLimit: faults().tier === 'SANDBOX' ? 1 : 500,
          MaxLimit: faults().tier === 'SANDBOX' ? 1 : 1000,
          Overridden: false,
        })),
      }),
    GetProtectConfigurationCountryRuleSet: ({ ProtectConfigurationId: id = '', NumberCapability = '' }) => {
      const rules = protect.get(id)
      return rules === undefined
        ? notFound(id)
        : answer({ ...identity(id, NumberCapability), CountryRuleSet: ruleSet(rules.get(NumberCapability)) })
    },
    UpdateProtectConfigurationCountryRuleSet: ({
      ProtectConfigurationId: id = '',
      NumberCapability = '',
      CountryRuleSetUpdates = {},
    }) => {
      const rules = protect.get(id)
      if (rules === undefined) return notFound(id)
      const updates = Object.entries(CountryRuleSetUpdates)
      const isWrong = ([country, { ProtectStatus = '' }]: (typeof updates)[number]) =>
        !/^[A-Z]{2}$/.test(country) || !STATUSES.has(ProtectStatus)
      if (updates.length > 300 || updates.some(isWrong))
        return error('ValidationException', 'CountryRuleSetUpdates is invalid', 'INVALID_PARAMETER')
      const own = rules.get(NumberCapability) ?? new Map<string, string>()
      for (const [country, { ProtectStatus = '' }] of updates) own.set(country, ProtectStatus)
      rules.set(NumberCapability, own)
      return answer({ ...identity(id, NumberCapability), CountryRuleSet: ruleSet(own) })
    },
    PutProtectConfigurationRuleSetNumberOverride: input => {
      const {
        ProtectConfigurationId: id = '',
        DestinationPhoneNumber: number = '',
        Action: action = '',
      } = input
      const { ExpirationTimestamp: until } = input
      if (!protect.has(id)) return notFound(id)
      if (!/^\+[1-9][0-9]{1,20}$/.test(number) || !['ALLOW', 'BLOCK'].includes(action))
        return error('ValidationException', 'The number or the action is invalid', 'INVALID_PARAMETER')
      const own = numberRules.get(id) ?? new Map()
      own.set(number, { action, until })
      numberRules.set(id, own)
      return answer({
        ProtectConfigurationArn: id,
        ProtectConfigurationId: id,
        DestinationPhoneNumber: number,
        Action: action,
        ExpirationTimestamp: until,
      })
    },
    DeleteProtectConfigurationRuleSetNumberOverride: ({
      ProtectConfigurationId: id = '',
      DestinationPhoneNumber: number = '',
    }) => {
      if (!protect.has(id) || numberRules.get(id)?.delete(number) !== true)
        return error('ResourceNotFoundException', 'No rule for this number')
      return answer({
        ProtectConfigurationArn: id,
        ProtectConfigurationId: id,
        DestinationPhoneNumber: number,
      })
    },
  }
  return {
    protect,
    numberRules,
    answer: (operation, body) => {
      const run = operations[operation]
      return run === undefined
        ? error('UnknownOperationException', 'The operation is not one that this stand-in knows')
        : run(JSON.parse(body) as Input)
    },
  }
}

type Input = {
  readonly ProtectConfigurationId?: string
  readonly NumberCapability?: string
  readonly DestinationPhoneNumber?: string
  readonly Action?: string
  /** Seconds since 1970. */
  readonly ExpirationTimestamp?: number
  readonly CountryRuleSetUpdates?: Readonly<Record<string, { readonly ProtectStatus?: string }>>
}

function identity(id: string, capability: string) {
  return { ProtectConfigurationArn: id, ProtectConfigurationId: id, NumberCapability: capability }
}

function ruleSet(rules: ReadonlyMap<string, string> = new Map()) {
  return Object.fromEntries([...rules].map(([country, ProtectStatus]) => [country, { ProtectStatus }]))
}

function answer(value: object): Answer {
  return json(200, value, AWS_JSON)
}

function notFound(id: string): Answer {
  return error('ResourceNotFoundException', `No protect configuration has the ID ${id}`)
}

function error(name: string, message: string, reason?: string): Answer {
  const body = { __type: `com.amazonaws.pinpointsmsvoicev2#${name}`, Message: message, Reason: reason }
  return json(400, body, AWS_JSON)
}

const STATUSES = new Set(['ALLOW', 'BLOCK', 'MONITOR', 'FILTER'])
const AWS_JSON = 'application/x-amz-json-1.0'
