import { checkIdentities, type Finding } from '../../../advice/account/check-identities.ts'
import { defineCheck } from '../check.ts'
import { texts } from '../texts.ts'

export const credentialsCheck = defineCheck({
  ...texts.credentials.check,
  severity: 'error',
  needs: ['credentials'],
  judge: () => [],
  detail: ({ credentials: { account, arn } }) => texts.credentials.detail(account, arn),
})

export const regionCheck = defineCheck({
  ...texts.region.check,
  severity: 'error',
  needs: ['region'],
  judge: ({ region: { name, hasMessaging } }) => (hasMessaging ? [] : [texts.region.noMessaging(name)]),
  detail: ({ region: { name } }) => texts.region.detail(name),
})

export const accountTierCheck = defineCheck({
  ...texts.accountTier.check,
  severity: 'error',
  needs: ['tier'],
  judge: ({ tier: { region, isInSandbox } }) => {
    if (isInSandbox === false) return []
    if (isInSandbox === undefined) return [{ severity: 'warning', ...texts.accountTier.unknown(region) }]
    return [texts.accountTier.sandbox(region)]
  },
})

export const spendLimitsCheck = defineCheck({
  ...texts.spendLimits.check,
  severity: 'warning',
  needs: ['spendLimits'],
  judge: ({ spendLimits }) =>
    spendLimits
      .filter(({ limit }) => limit <= LOW_LIMIT)
      .map(({ channel, limit, max }) =>
        limit <= 0
          ? { severity: 'error' as const, ...texts.spendLimits.zero(channel, limit, max) }
          : texts.spendLimits.low(channel, limit, max),
      ),
  detail: ({ spendLimits }) =>
    spendLimits.map(({ channel, limit, max }) => texts.spendLimits.detail(channel, limit, max)).join(' '),
})

/** US dollars: the limit of a new account. */
const LOW_LIMIT = 1

export const configurationSetCheck = defineCheck({
  ...texts.configurationSet.check,
  severity: 'error',
  needs: ['configurationSet'],
  judge: ({ configurationSet: { name, exists, destinations } }) => {
    if (!exists) return [texts.configurationSet.none(name)]
    if (destinations.some(({ isEnabled, events }) => isEnabled && events.length > 0)) return []
    return [{ severity: 'warning', ...texts.configurationSet.noDestination(name, destinations.length > 0) }]
  },
})

export const codeCheck = defineCheck({
  ...texts.code.check,
  severity: 'error',
  needs: ['functionCode'],
  judge: ({ functionCode }) =>
    functionCode.flatMap(({ name, runs, put }) => {
      if (put === undefined) return [{ severity: 'warning' as const, ...texts.code.noArchive(name) }]
      if (runs === put) return []
      return [runs === undefined ? texts.code.noFunction(name) : texts.code.differs(name, runs, put)]
    }),
})

export const oktaAddressesCheck = defineCheck({
  ...texts.oktaAddresses.check,
  severity: 'warning',
  needs: ['oktaAddresses'],
  judge: ({ oktaAddresses: { missing } }) => {
    const [first] = missing
    return first === undefined ? [] : [texts.oktaAddresses.missing(missing.length, first)]
  },
})

export const identitiesCheck = defineCheck({
  ...texts.identities.check,
  severity: 'error',
  needs: ['identities'],
  judge: ({ identities }) => {
    // Tier and limits of the home region have checks of their own.
    const findings = checkIdentities(identities).filter(
      ({ identity, region }) => identity !== undefined || region !== identities.homeRegion,
    )
    const same = Map.groupBy(findings, ({ severity, sentence, remedy }) =>
      JSON.stringify([severity, sentence, remedy]),
    )
    return [...same.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return []
      const places = [...new Set([first, ...others].map(placeOf))]
      const { severity, sentence, remedy } = first
      return [{ severity, remedy, ...texts.identities.problem(places, sentence) }]
    })
  },
})

function placeOf({ country, channel, region }: Finding): string {
  return country === undefined ? region : `${country} ${channel}`
}

export const protectCheck = defineCheck({
  ...texts.protect.check,
  severity: 'error',
  needs: ['protect'],
  judge: ({ protect: { id, differences } }) =>
    differences.flatMap(({ channel, allow, block }) => [
      ...(allow.length === 0 ? [] : [{ ...texts.protect.blocks(id, channel, allow), fixedBy: BY_PROTECT }]),
      ...(block.length === 0
        ? []
        : [
            {
              severity: 'warning' as const,
              ...texts.protect.allows(id, channel, block.length),
              fixedBy: BY_PROTECT,
            },
          ]),
    ]),
})

const BY_PROTECT = ['protect'] as const
