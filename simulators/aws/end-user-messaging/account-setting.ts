import {
  allowOnly,
  choice,
  flag,
  type InputObject,
  matching,
  object,
  type Problem,
  readOrProblem,
  refused,
  text,
  unfit,
  wholeNumber,
} from './control-input.ts'

/** An account as sent to `PUT /account`; missing fields have their defaults. */
export type AccountSetting = {
  readonly numbers: readonly NumberSetting[]
  readonly pools: readonly PoolSetting[]
  readonly senderIds: readonly SenderIdSetting[]
  readonly rcsAgents: readonly RcsAgentSetting[]
  readonly notifyConfigurations: readonly NotifySetting[]
  readonly tier: 'PRODUCTION' | 'SANDBOX'
  /** US dollars a month. */
  readonly limits: { readonly text: number; readonly voice: number }
  /** The largest page of a list, even if more is requested. */
  readonly pageSize: number
  /** Numbers that opted out of texts. */
  readonly optedOut: readonly OptedOutSetting[]
  /** Whether a send or dry run is refused if the account has no identity for it. */
  readonly judgesSends: boolean
}

/** The only region in which it exists. Default: every region. */
type Anywhere = { readonly region?: string }

export type NumberSetting = Anywhere & {
  readonly number: string
  readonly country: string
  readonly type: (typeof NUMBER_TYPES)[number]
  readonly status: (typeof NUMBER_STATUSES)[number]
  readonly messageType: MessageType
  readonly capabilities: readonly Capability[]
  readonly pool?: string
  readonly registrationId?: string
  readonly sendsAbroad: boolean
  readonly textsPerSecond?: number
  readonly owner: Owner
}

type PoolSetting = Anywhere & {
  readonly id: string
  readonly status: (typeof POOL_STATUSES)[number]
  readonly messageType: MessageType
  readonly hasSharedRoutes: boolean
  readonly owner: Owner
}

export type SenderIdSetting = Anywhere & {
  readonly name: string
  readonly country: string
  readonly messageTypes: readonly MessageType[]
  readonly isRegistered: boolean
  readonly registrationId?: string
  readonly pool?: string
  readonly owner: Owner
}

export type RcsAgentSetting = Anywhere & {
  readonly id: string
  /** The name that phones show as the verified sender. Default: the ID. */
  readonly name: string
  readonly status: (typeof AGENT_STATUSES)[number]
  /** The countries in which it is launched. */
  readonly countries: readonly string[]
  readonly pool?: string
  readonly owner: Owner
}

type NotifySetting = Anywhere & {
  readonly id: string
  readonly status: (typeof NOTIFY_STATUSES)[number]
  readonly countries: readonly string[]
  readonly channels: readonly Capability[]
}

export type OptedOutSetting = {
  /** E.164. */
  readonly number: string
  readonly list: string
  /** True: by a reply such as STOP. False: by somebody with access to the account. */
  readonly byUser: boolean
  /** Seconds since 1970. */
  readonly at: number
}

/** Reads an account from JSON. Unknown names are refused. */
export function readAccountSetting(input: unknown): AccountSetting | Problem {
  return readOrProblem(() => {
    const account = object('the account', input)
    allowOnly('the account', account, [
      'numbers',
      'pools',
      'senderIds',
      'rcsAgents',
      'notifyConfigurations',
      'tier',
      'limits',
      'pageSize',
      'optedOut',
      'judgesSends',
    ])
    const limits = object('limits', account.limits ?? {})
    allowOnly('limits', limits, ['text', 'voice'])
    return {
      numbers: list('numbers', account.numbers, readNumber),
      pools: list('pools', account.pools, readPool),
      senderIds: list('senderIds', account.senderIds, readSenderId),
      rcsAgents: list('rcsAgents', account.rcsAgents, readRcsAgent),
      notifyConfigurations: list('notifyConfigurations', account.notifyConfigurations, readNotify),
      tier: choice('tier', account.tier ?? 'PRODUCTION', ['PRODUCTION', 'SANDBOX']),
      limits: {
        text: wholeNumber('limits.text', limits.text ?? 500, 0, 1_000_000),
        voice: wholeNumber('limits.voice', limits.voice ?? 500, 0, 1_000_000),
      },
      pageSize: wholeNumber('pageSize', account.pageSize ?? 100, 1, 100),
      optedOut: list('optedOut', account.optedOut, readOptedOut),
      judgesSends: flag('judgesSends', account.judgesSends ?? false),
    }
  })
}

function readNumber(name: string, input: InputObject): NumberSetting {
  allowOnly(name, input, [
    'number',
    'country',
    'type',
    'status',
    'messageType',
    'capabilities',
    'sendsAbroad',
    'textsPerSecond',
    ...EVERYWHERE,
    ...OPTIONAL,
  ])
  return {
    number: matching(`${name}.number`, input.number, /^\+?[0-9]{3,19}$/, 'a number such as +12065550100'),
    country: country(`${name}.country`, input.country),
    type: choice(`${name}.type`, input.type ?? 'LONG_CODE', NUMBER_TYPES),
    status: choice(`${name}.status`, input.status ?? 'ACTIVE', NUMBER_STATUSES),
    messageType: choice(`${name}.messageType`, input.messageType ?? 'TRANSACTIONAL', MESSAGE_TYPES),
    capabilities: choices(`${name}.capabilities`, input.capabilities ?? ['SMS', 'VOICE'], CAPABILITIES),
    sendsAbroad: flag(`${name}.sendsAbroad`, input.sendsAbroad ?? false),
    ...(input.textsPerSecond !== undefined && {
      textsPerSecond: wholeNumber(`${name}.textsPerSecond`, input.textsPerSecond, 1, 1000),
    }),
    ...common(name, input),
  }
}

function readPool(name: string, input: InputObject): PoolSetting {
  allowOnly(name, input, ['id', 'status', 'messageType', 'hasSharedRoutes', ...EVERYWHERE])
  return {
    id: matching(`${name}.id`, input.id, /^pool-[0-9a-zA-Z]{1,64}$/, 'an ID such as pool-0a1b'),
    status: choice(`${name}.status`, input.status ?? 'ACTIVE', POOL_STATUSES),
    messageType: choice(`${name}.messageType`, input.messageType ?? 'TRANSACTIONAL', MESSAGE_TYPES),
    hasSharedRoutes: flag(`${name}.hasSharedRoutes`, input.hasSharedRoutes ?? false),
    ...common(name, input),
  }
}

function readSenderId(name: string, input: InputObject): SenderIdSetting {
  allowOnly(name, input, ['name', 'country', 'messageTypes', 'isRegistered', ...EVERYWHERE, ...OPTIONAL])
  return {
    name: matching(`${name}.name`, input.name, /^[A-Za-z0-9_-]{1,11}$/, '1 to 11 letters, digits, - and _'),
    country: country(`${name}.country`, input.country),
    messageTypes: choices(`${name}.messageTypes`, input.messageTypes ?? ['TRANSACTIONAL'], MESSAGE_TYPES),
    isRegistered: flag(`${name}.isRegistered`, input.isRegistered ?? false),
    ...common(name, input),
  }
}

function readRcsAgent(name: string, input: InputObject): RcsAgentSetting {
  allowOnly(name, input, ['id', 'name', 'status', 'countries', 'pool', ...EVERYWHERE])
  const id = matching(`${name}.id`, input.id, /^rcs-[0-9a-zA-Z]{1,64}$/, 'an ID such as rcs-0a1b')
  return {
    id,
    name: matching(`${name}.name`, input.name ?? id, /^[^\p{C}]{1,100}$/u, 'a name of 1 to 100 characters'),
    status: choice(`${name}.status`, input.status ?? 'ACTIVE', AGENT_STATUSES),
    countries: countries(`${name}.countries`, input.countries),
    ...common(name, input),
  }
}

function readNotify(name: string, input: InputObject): NotifySetting {
  allowOnly(name, input, ['id', 'status', 'countries', 'channels', 'region'])
  return {
    id: matching(`${name}.id`, input.id, /^notify-[0-9a-zA-Z]{1,64}$/, 'an ID such as notify-0a1b'),
    status: choice(`${name}.status`, input.status ?? 'ACTIVE', NOTIFY_STATUSES),
    countries: countries(`${name}.countries`, input.countries),
    channels: choices(`${name}.channels`, input.channels ?? ['SMS', 'VOICE'], CAPABILITIES),
    ...(input.region !== undefined && { region: text(`${name}.region`, input.region) }),
  }
}

function readOptedOut(name: string, input: InputObject): OptedOutSetting {
  allowOnly(name, input, ['number', 'list', 'byUser', 'at'])
  return {
    number: matching(`${name}.number`, input.number, /^\+[1-9][0-9]{1,18}$/, 'a number such as +12065550100'),
    list: matching(`${name}.list`, input.list ?? 'Default', /^[A-Za-z0-9_-]{1,64}$/, 'the name of a list'),
    byUser: flag(`${name}.byUser`, input.byUser ?? true),
    at: wholeNumber(`${name}.at`, input.at ?? 1_760_000_000, 0, 10_000_000_000),
  }
}

function common(name: string, input: InputObject) {
  return {
    owner: choice(`${name}.owner`, input.owner ?? 'SELF', OWNERS),
    ...(input.region !== undefined && { region: text(`${name}.region`, input.region) }),
    ...(input.pool !== undefined && { pool: text(`${name}.pool`, input.pool) }),
    ...(input.registrationId !== undefined && {
      registrationId: text(`${name}.registrationId`, input.registrationId),
    }),
  }
}

function list<Item>(name: string, input: unknown, read: (name: string, input: InputObject) => Item): Item[] {
  if (input === undefined) return []
  if (!Array.isArray(input)) throw unfit(name, input, 'a list')
  if (input.length > ITEMS_MAX) throw refused(`${name} has ${input.length} entries; at most ${ITEMS_MAX}`)
  return input.map((item, index) => read(`${name}[${index}]`, object(`${name}[${index}]`, item)))
}

function choices<Value extends string>(name: string, input: unknown, allowed: readonly Value[]): Value[] {
  if (!Array.isArray(input)) throw unfit(name, input, `a list of ${allowed.join(', ')}`)
  return input.map(value => choice(name, value, allowed))
}

function countries(name: string, input: unknown): string[] {
  if (input !== undefined && !Array.isArray(input)) throw unfit(name, input, 'a list of countries')
  return ((input ?? []) as readonly unknown[]).map((one, index) => country(`${name}[${index}]`, one))
}

function country(name: string, input: unknown): string {
  return matching(name, input, /^[A-Z]{2}$/, 'a country such as US')
}

const NUMBER_TYPES = ['SHORT_CODE', 'LONG_CODE', 'TOLL_FREE', 'TEN_DLC', 'SIMULATOR'] as const
const NUMBER_STATUSES = ['PENDING', 'ACTIVE', 'ASSOCIATING', 'DISASSOCIATING', 'DELETED'] as const
const POOL_STATUSES = ['CREATING', 'ACTIVE', 'DELETING'] as const
const AGENT_STATUSES = ['CREATED', 'PENDING', 'TESTING', 'PARTIAL', 'ACTIVE', 'DELETED'] as const
const NOTIFY_STATUSES = ['PENDING', 'ACTIVE', 'REJECTED', 'REQUIRES_VERIFICATION'] as const
const MESSAGE_TYPES = ['TRANSACTIONAL', 'PROMOTIONAL'] as const
const CAPABILITIES = ['SMS', 'VOICE', 'MMS', 'RCS'] as const
const OWNERS = ['SELF', 'SHARED'] as const
type MessageType = (typeof MESSAGE_TYPES)[number]
type Capability = (typeof CAPABILITIES)[number]
type Owner = (typeof OWNERS)[number]
const EVERYWHERE = ['region', 'owner']
const OPTIONAL = ['pool', 'registrationId']
const ITEMS_MAX = 1000
