import type { CountryCode } from '../values/phone-number.ts'
import type { Channel } from '../values/request.ts'

/** Where messages of one country and channel are sent from: the first candidate that can send is used. */
export type Route = {
  /** `*` is the default route, for every country without its own. */
  readonly country: CountryCode | '*'
  readonly channel: Channel
  readonly candidates: readonly Candidate[]
}

/** One origination identity of a route, with its parameters. */
export type Candidate = {
  /**
   * A phone number, short code, pool, sender ID, RCS agent or notify configuration: its value, ID or ARN, as AWS
   * accepts it.
   */
  readonly identity: string
  /** Maximum price of one message part, in USD. Default: HOOKLINE_MAX_PRICE_PER_PART. SMS only. */
  readonly maxPricePerPart?: number
  /** Maximum price of one minute, in USD. Default: HOOKLINE_MAX_PRICE_PER_MINUTE. Voice only. */
  readonly maxPricePerMinute?: number
  /** The identity's region, if it is not the deployment's. An ARN already names its region, so leave it out there. */
  readonly region?: string
  /** Message parts per second that AWS grants to this identity. Default: AWS's limit for its kind. SMS only. */
  readonly partsPerSecond?: number
  /** Template of AWS Notify, for a notify configuration. Default: AWS chooses. */
  readonly notifyTemplateId?: string
  /** India's registration of the sender (DLT principal entity ID), for texts to India. */
  readonly indiaEntityId?: string
}

export type IdentityKind =
  | 'phone number'
  | 'short code'
  | 'pool'
  | 'sender ID'
  | 'RCS agent'
  | 'notify configuration'

/** The kind of an origination identity, by its form; undefined if AWS has no such form. */
export function identityKind(identity: string): IdentityKind | undefined {
  const arn = readArn(identity)
  return arn === undefined ? FORMS.find(([form]) => form.test(identity))?.[1] : KINDS[arn.resource]
}

/** Sender IDs, RCS agents and short codes can send texts, but cannot call. */
export function canSend(kind: IdentityKind, channel: Channel): boolean {
  return channel === 'sms' || kind === 'phone number' || kind === 'pool' || kind === 'notify configuration'
}

/** The region of an identity: from its ARN, else from the route; undefined for the deployment's region. */
export function regionOf({ identity, region }: Candidate): string | undefined {
  return readArn(identity)?.region ?? region
}

/**
 * Why a candidate cannot be used from `homeRegion`, if that is known; undefined if its region and partition are right.
 */
export function regionProblem(candidate: Candidate, homeRegion: string | undefined): string | undefined {
  const arn = readArn(candidate.identity)
  if (arn !== undefined && arn.partition !== partitionOf(arn.region))
    return `its ARN has partition ${arn.partition}, but ${arn.region} is in ${partitionOf(arn.region)}`
  if (arn !== undefined && candidate.region !== undefined && candidate.region !== arn.region)
    return `its ARN is in ${arn.region}, but its region is ${candidate.region}; leave the region out`
  const region = regionOf(candidate) ?? homeRegion
  if (region === undefined || homeRegion === undefined) return undefined
  const [partition, own] = [partitionOf(region), partitionOf(homeRegion)]
  return partition === own
    ? undefined
    : `${region} is in partition ${partition}, where AWS does not accept the credentials of ${homeRegion} (partition ${own})`
}

type Arn = { readonly partition: string; readonly region: string; readonly resource: string }

/** An ARN of AWS End User Messaging. Form: arn:partition:sms-voice:region:account:resource/ID. */
function readArn(identity: string): Arn | undefined {
  const [, partition, region, resource] = ARN.exec(identity) ?? []
  return partition === undefined || region === undefined || resource === undefined
    ? undefined
    : { partition, region, resource }
}

/** Source: AWS's partitions, as of 2026. */
function partitionOf(region: string): string {
  return PARTITIONS.find(([start]) => region.startsWith(start))?.[1] ?? 'aws'
}

const PARTITIONS = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-iso-', 'aws-iso'],
  ['eusc-', 'aws-eusc'],
] as const

const ARN = /^arn:(aws[\w-]*):sms-voice:([a-z]{2,4}(?:-[a-z]+)+-\d{1,2}):\w+:([a-z-]+)\/\S+$/

const KINDS: Readonly<Record<string, IdentityKind | undefined>> = {
  __proto__: null as never, // `constructor` in an ARN has no kind
  'phone-number': 'phone number',
  pool: 'pool',
  'notify-configuration': 'notify configuration',
  'sender-id': 'sender ID',
  'rcs-agent': 'RCS agent',
}

const FORMS: readonly (readonly [RegExp, IdentityKind])[] = [
  [/^\+[1-9][0-9X]{4,17}$/, 'phone number'], // X: a placeholder in an example file, which import reports
  [/^phone-[0-9a-zA-Z]{1,64}$/, 'phone number'],
  [/^pool-[0-9a-zA-Z]{1,64}$/, 'pool'],
  [/^notify-[0-9a-zA-Z]{1,64}$/, 'notify configuration'],
  [/^rcs-[0-9a-zA-Z]{1,64}$/, 'RCS agent'],
  [/^[0-9]{3,8}$/, 'short code'],
  [/^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,11}$/, 'sender ID'],
]
