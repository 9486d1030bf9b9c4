import { checkIdentities, type Finding } from '../../../advice/account/check-identities.ts'
import { defineCheck } from '../check.ts'

export const credentialsCheck = defineCheck({
  name: 'credentials',
  sentence: 'AWS knows the credentials.',
  severity: 'error',
  remedy: 'Sign in with `aws sso login`, or choose a profile with AWS_PROFILE.',
  needs: ['credentials'],
  judge: () => [],
  detail: ({ credentials: { account, arn } }) => `Account ${account}, ${arn.split(':').at(-1)}.`,
})

export const regionCheck = defineCheck({
  name: 'region',
  sentence: 'The region has AWS End User Messaging.',
  severity: 'error',
  remedy: 'Choose a region that has it, such as us-east-1 or eu-west-1: AWS_REGION.',
  needs: ['region'],
  judge: ({ region: { name, hasMessaging } }) =>
    hasMessaging ? [] : [{ cause: `AWS End User Messaging is not in ${name}: nothing can be sent.` }],
  detail: ({ region: { name } }) => `${name}.`,
})

export const accountTierCheck = defineCheck({
  name: 'account tier',
  sentence: 'The account is in production: codes reach every number.',
  severity: 'error',
  remedy: 'Request production access in AWS End User Messaging.',
  needs: ['tier'],
  judge: ({ tier: { region, isInSandbox } }) => {
    if (isInSandbox === false) return []
    if (isInSandbox === undefined) {
      return [
        {
          severity: 'warning',
          cause: `AWS does not say whether the account is in the sandbox in ${region}.`,
          remedy: 'Look at the overview page of AWS End User Messaging.',
        },
      ]
    }
    return [
      { cause: `The account is in the sandbox in ${region}: codes reach only numbers that you verified.` },
    ]
  },
})

export const spendLimitsCheck = defineCheck({
  name: 'spend limits',
  sentence: 'The monthly spend limits leave room.',
  severity: 'warning',
  remedy: 'Raise the spend limit in AWS End User Messaging; above the most that it offers, ask AWS Support.',
  needs: ['spendLimits'],
  judge: ({ spendLimits }) =>
    spendLimits
      .filter(({ limit }) => limit <= LOW_LIMIT)
      .map(({ channel, limit, max }) => {
        const what = `The monthly spend limit for ${channel} is $${limit} (at most $${max} without asking AWS)`
        return limit <= 0
          ? { severity: 'error' as const, cause: `${what}: nothing is sent.` }
          : { cause: `${what}: when it is reached, nothing more is sent this month.` }
      }),
  detail: ({ spendLimits }) =>
    spendLimits.map(({ channel, limit, max }) => `${channel} $${limit} of at most $${max}.`).join(' '),
})

/** US dollars. New accounts begin with 1. */
const LOW_LIMIT = 1

export const configurationSetCheck = defineCheck({
  name: 'configuration set',
  sentence: 'The configuration set is there, and its events go somewhere.',
  severity: 'error',
  remedy:
    'Name one that is there in HOOKLINE_CONFIGURATION_SET: output ConfigurationSetName of hookline deploy.',
  needs: ['configurationSet'],
  judge: ({ configurationSet: { name, isThere, destinations } }) => {
    if (!isThere) return [{ cause: `AWS has no configuration set ${name}: it refuses every message.` }]
    if (destinations.some(({ isEnabled, events }) => isEnabled && events.length > 0)) return []
    const why = destinations.length === 0 ? 'has no event destination' : 'has no event destination that is on'
    return [
      {
        severity: 'warning',
        cause: `The configuration set ${name} ${why}: nobody learns whether messages arrive.`,
        remedy: 'Add one to SNS for all text and voice events; hookline deploy does it.',
      },
    ]
  },
})

export const codeCheck = defineCheck({
  name: 'code',
  sentence: 'Each function runs the code that hookline deploy put.',
  severity: 'error',
  remedy: 'Find out who changed it (CloudTrail: UpdateFunctionCode, UpdateAlias), then: hookline deploy',
  needs: ['functionCode'],
  judge: ({ functionCode }) =>
    functionCode.flatMap(({ name, runs, put }) => {
      if (put === undefined) {
        return [
          {
            severity: 'warning' as const,
            cause: `The archive that ${name} was deployed from is no longer in the code bucket: CloudFormation could not take a failed change back.`,
            remedy: 'Put it there again: hookline deploy',
          },
        ]
      }
      if (runs === put) return []
      return [
        {
          cause:
            runs === undefined
              ? `There is no function ${name} any more.`
              : `The function ${name} runs other code (SHA-256 ${runs}) than the one that was deployed (${put}).`,
        },
      ]
    }),
})

export const oktaAddressesCheck = defineCheck({
  name: 'okta addresses',
  sentence: "The firewall knows all of Okta's published addresses.",
  severity: 'warning',
  remedy: 'hookline deploy',
  needs: ['oktaAddresses'],
  judge: ({ oktaAddresses: { missing } }) => {
    const [first] = missing
    if (first === undefined) return []
    return [
      {
        cause: `Okta publishes ${missing.length === 1 ? 'a range' : `${missing.length} ranges`} that the firewall does not know, such as ${first}: calls from there count for the rate rule, and are labelled as not from Okta.`,
      },
    ]
  },
})

export const identitiesCheck = defineCheck({
  name: 'identities',
  sentence: 'Every identity of the routes exists, is active and can send.',
  severity: 'error',
  remedy: 'hookline identities check tells more.',
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
      const places = [...new Set([first, ...others].map(placeOf))].join(', ')
      const { severity, sentence, remedy } = first
      return [{ severity, cause: `${places}: ${sentence}`, remedy }]
    })
  },
})

function placeOf({ country, channel, region }: Finding): string {
  return country === undefined ? region : `${country} ${channel}`
}

export const protectCheck = defineCheck({
  name: 'protect',
  sentence: 'The protect configuration allows what the routes serve, and blocks the rest.',
  severity: 'error',
  remedy: 'See the difference with hookline protect, and write it with: hookline protect --apply',
  needs: ['protect'],
  judge: ({ protect: { id, differences } }) =>
    differences.flatMap(({ channel, allow, block }) => [
      ...(allow.length === 0
        ? []
        : [
            {
              cause: `${id} blocks ${channel} to ${few(allow)}, which routes serve: no code arrives there.`,
              fixedBy: BY_PROTECT,
            },
          ]),
      ...(block.length === 0
        ? []
        : [
            {
              severity: 'warning' as const,
              cause: `${id} allows ${channel} to ${count(block.length)} that no route serves.`,
              fixedBy: BY_PROTECT,
            },
          ]),
    ]),
})

function few(countries: readonly string[]): string {
  const shown = countries.slice(0, SHOWN_MAX).join(', ')
  return countries.length > SHOWN_MAX ? `${shown} and ${countries.length - SHOWN_MAX} more` : shown
}

function count(number: number): string {
  return number === 1 ? '1 country' : `${number} countries`
}

const BY_PROTECT = ['protect'] as const
const SHOWN_MAX = 8
