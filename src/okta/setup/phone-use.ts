import * as z from 'zod'
import type { OktaApi, Optional, ReadOptional } from './okta-api.ts'

/** Whether people can get a code by phone once the authenticator is on, and who else sends for the org. */
export type PhoneUse = {
  readonly enrolment: Optional<readonly EnrolmentPolicy[]>
  readonly signOn: Optional<SignOn>
  readonly providers: Optional<readonly TelephonyProvider[]>
}

/** Active ones only. */
export type EnrolmentPolicy = { readonly name: string; readonly letsEnrolPhone: boolean }

/**
 * Whether an active rule of an authentication policy accepts a code by phone; `unknown` if only an unclear rule may.
 */
export type SignOn = { readonly accepts: 'yes' | 'no' | 'unknown'; readonly policies: number }

/** A provider in Okta's bring-your-own telephony. Enabled ones only. */
export type TelephonyProvider = { readonly name: string; readonly isPrimary: boolean }

export async function readPhoneUse(optionally: ReadOptional): Promise<PhoneUse> {
  return {
    enrolment: await optionally('okta.policies.read', readEnrolment),
    signOn: await optionally('okta.policies.read', readSignOn),
    providers: await optionally('okta.customTelephonyProvider.read', readProviders),
  }
}

async function readEnrolment(api: OktaApi): Promise<readonly EnrolmentPolicy[]> {
  const policies = (await api.list('/api/v1/policies?type=MFA_ENROLL')).flatMap(
    value => ENROLMENT.safeParse(value).data ?? [],
  )
  return policies
    .filter(({ status }) => status !== 'INACTIVE')
    .map(({ name, settings }) => ({ name, letsEnrolPhone: PHONE_KEYS.some(key => enrols(settings, key)) }))
}

/** An authenticator that is not listed is not allowed (Okta's default). Orgs upgraded from Classic have factors. */
function enrols(settings: z.output<typeof ENROLMENT>['settings'], key: string): boolean {
  const { authenticators, factors } = settings ?? {}
  const self = authenticators?.find(one => one.key === key)?.enroll?.self ?? factors?.[key]?.enroll?.self
  return self === 'OPTIONAL' || self === 'REQUIRED'
}

async function readSignOn(api: OktaApi): Promise<SignOn> {
  const policies = (await api.list('/api/v1/policies?type=ACCESS_POLICY')).flatMap(
    value => POLICY.safeParse(value).data ?? [],
  )
  const active = policies.filter(({ status }) => status !== 'INACTIVE').slice(0, POLICIES_MAX)
  let accepts: SignOn['accepts'] = active.length < policies.length ? 'unknown' : 'no'
  for (const { id } of active) {
    const rules = await api.list(`/api/v1/policies/${id}/rules`)
    const found = rules.map(acceptsPhone)
    if (found.includes('yes')) return { accepts: 'yes', policies: active.length }
    if (found.includes('unknown')) accepts = 'unknown'
  }
  return { accepts, policies: active.length }
}

/** Whether a sign-on rule accepts a code by phone. One of its constraints must be met, with all its parts. @internal */
export function acceptsPhone(value: unknown): SignOn['accepts'] {
  const { data: rule } = RULE.safeParse(value)
  if (rule === undefined) return 'unknown'
  const { access, verificationMethod: method } = rule.actions.appSignOn
  if (rule.status === 'INACTIVE' || access === 'DENY') return 'no'
  if (method?.type === 'AUTH_METHOD_CHAIN') return namesPhone(method.chains) ? 'yes' : 'no'
  if (method?.type === 'ID_PROOFING') return 'no'
  if (method?.type !== 'ASSURANCE') return 'unknown'
  const { constraints, factorMode } = method
  if (constraints === undefined || constraints === null || constraints.length === 0) return 'yes'
  return constraints.some(one => fits(one, factorMode)) ? 'yes' : 'no'
}

function fits({ possession, knowledge }: Constraint, factorMode: string | undefined | null): boolean {
  // Only a password is required: the phone can be the second factor, if there is one.
  if (possession === undefined || possession === null) return knowledge === undefined || factorMode === '2FA'
  const { authenticationMethods, excludedAuthenticationMethods, methods, types } = possession
  return (
    BEYOND_PHONE.every(name => possession[name] !== 'REQUIRED') &&
    (authenticationMethods === undefined || authenticationMethods.some(isPhone)) &&
    !excludedAuthenticationMethods?.some(one => isPhone(one) && one.method === undefined) &&
    (methods === undefined || methods.some(one => one === 'SMS' || one === 'VOICE')) &&
    (types === undefined || types.some(one => one.toUpperCase() === 'PHONE'))
  )
}

function isPhone({ key }: { readonly key: string }): boolean {
  return key === PHONE
}

function namesPhone(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes(`"${PHONE}"`)
}

async function readProviders(api: OktaApi): Promise<readonly TelephonyProvider[]> {
  const all = (await api.list('/api/v1/telephony-providers')).flatMap(
    value => PROVIDER.safeParse(value).data ?? [],
  )
  return all
    .filter(({ enabled }) => enabled)
    .map(({ providerName, isPrimaryProvider }) => ({
      name: providerName,
      isPrimary: isPrimaryProvider ?? false,
    }))
}

const PHONE = 'phone_number'
/** The authenticator, and the factors of orgs upgraded from Classic. */
const PHONE_KEYS = [PHONE, 'okta_sms', 'okta_call']
/** Properties that codes by phone do not have. */
const BEYOND_PHONE = ['deviceBound', 'hardwareProtection', 'phishingResistant', 'userVerification'] as const
/** Each takes one call. */
const POLICIES_MAX = 100

const ENROLL = z.object({ enroll: z.object({ self: z.string().nullish() }).nullish() })
const ENROLMENT = z.object({
  name: z.string(),
  status: z.string().nullish(),
  settings: z
    .object({
      authenticators: z.array(ENROLL.extend({ key: z.string() })).nullish(),
      factors: z.record(z.string(), ENROLL).nullish(),
    })
    .nullish(),
})
const POLICY = z.object({ id: z.string(), status: z.string().nullish() })
const METHODS = z.array(z.object({ key: z.string(), method: z.string().optional() })).optional()
const CONSTRAINT = z.object({
  knowledge: z.unknown().optional(),
  possession: z
    .object({
      authenticationMethods: METHODS,
      excludedAuthenticationMethods: METHODS,
      methods: z.array(z.string()).optional(),
      types: z.array(z.string()).optional(),
      deviceBound: z.string().nullish(),
      hardwareProtection: z.string().nullish(),
      phishingResistant: z.string().nullish(),
      userVerification: z.string().nullish(),
    })
    .nullish(),
})
type Constraint = z.output<typeof CONSTRAINT>
const RULE = z.object({
  status: z.string().nullish(),
  actions: z.object({
    appSignOn: z.object({
      access: z.string().nullish(),
      verificationMethod: z
        .object({
          type: z.string(),
          factorMode: z.string().nullish(),
          constraints: z.array(CONSTRAINT).nullish(),
          chains: z.unknown().optional(),
        })
        .nullish(),
    }),
  }),
})
const PROVIDER = z.object({
  providerName: z.string(),
  enabled: z.boolean().nullish(),
  isPrimaryProvider: z.boolean().nullish(),
})
