import type { CountryCode } from '../values/phone-number.ts'
import type { Channel } from '../values/request.ts'

/** Where messages of one country and channel are sent from: the first candidate that can, does. */
export type Route = {
  /** `*` is the default route: every country without one of its own. */
  readonly country: CountryCode | '*'
  readonly channel: Channel
  readonly candidates: readonly Candidate[]
}

/** One origination identity of a route, with its parameters. */
export type Candidate = {
  /** A phone number, short code, pool, sender ID, RCS agent or notify configuration: its value, ID or ARN, as AWS takes it. */
  readonly identity: string
  /** Most that one message part may cost, in USD. Default: HOOKLINE_MAX_PRICE_PER_PART. SMS only. */
  readonly maxPricePerPart?: number
  /** Most that one minute may cost, in USD. Default: HOOKLINE_MAX_PRICE_PER_MINUTE. Voice only. */
  readonly maxPricePerMinute?: number
  /** Another region than the deployment's: identities live in one. An ARN says its own, and needs none here. */
  readonly region?: string
  /** Parts a second that AWS grants to this identity. Default: AWS's limit for its kind. SMS only. */
  readonly partsPerSecond?: number
  /** Template of AWS Notify, for a notify configuration. Default: AWS's own choice. */
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

/** What an origination identity is, by its form; undefined when AWS has no such form. */
export function identityKind(identity: string): IdentityKind | undefined {
  const arn = readArn(identity)
  return arn === undefined ? FORMS.find(([form]) => form.test(identity))?.[1] : KINDS[arn.resource]
}

/** Sender IDs and RCS agents are names that texts come from: nothing can be called from them. Short codes neither. */
export function canSend(kind: IdentityKind, channel: Channel): boolean {
  return channel === 'sms' || kind === 'phone number' || kind === 'pool' || kind === 'notify configuration'
}

/** Where an identity is called: where its ARN says that it is, else where the route says; undefined for home. */
export function regionOf({ identity, region }: Candidate): string | undefined {
  return readArn(identity)?.region ?? region
}

/** Why a candidate cannot be used from `homeRegion`, where that is known; undefined when its region and partition are right. */
export function regionProblem(candidate: Candidate, homeRegion: string | undefined): string | undefined {
  const arn = readArn(candidate.identity)
  if (arn !== undefined && arn.partition !== partitionOf(arn.region))
    return `its ARN says ${arn.partition}, and ${arn.region} is of ${partitionOf(arn.region)}`
  if (arn !== undefined && candidate.region !== undefined && candidate.region !== arn.region)
    return `its ARN is of ${arn.region}, and its region says ${candidate.region}: leave the region out`
  const region = regionOf(candidate) ?? homeRegion
  if (region === undefined || homeRegion === undefined) return undefined
  const [partition, own] = [partitionOf(region), partitionOf(homeRegion)]
  return partition === own
    ? undefined
    : `${region} is of ${partition}, and the credentials of ${homeRegion} are of ${own}: AWS does not take them there`
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
  __proto__: null as never, // an ARN of a `constructor` has no kind
  'phone-number': 'phone number',
  pool: 'pool',
  'notify-configuration': 'notify configuration',
  'sender-id': 'sender ID',
  'rcs-agent': 'RCS agent',
}

const FORMS: readonly (readonly [RegExp, IdentityKind])[] = [
  [/^\+[1-9][0-9X]{4,17}$/, 'phone number'], // X: a placeholder in an example file; import points it out
  [/^phone-[0-9a-zA-Z]{1,64}$/, 'phone number'],
  [/^pool-[0-9a-zA-Z]{1,64}$/, 'pool'],
  [/^notify-[0-9a-zA-Z]{1,64}$/, 'notify configuration'],
  [/^rcs-[0-9a-zA-Z]{1,64}$/, 'RCS agent'],
  [/^[0-9]{3,8}$/, 'short code'],
  [/^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,11}$/, 'sender ID'],
]
