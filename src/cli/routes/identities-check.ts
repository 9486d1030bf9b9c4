import type { Command } from 'commander'
import { checkIdentities, type Finding, regionsOf } from '../../advice/account/check-identities.ts'
import { type AccountContext, withStore } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { wrap } from '../terminal/wrapped-table.ts'
import { readAccounts, readRegions } from './read-accounts.ts'

type Options = { readonly region?: string; readonly json?: boolean }

/** `hookline identities check`: can the account really send from every identity of the routes? */
export function identitiesCheckCommand(identities: Command, context: AccountContext): void {
  identities
    .command('check')
    .description('Ask AWS whether each identity of the routes is there, active, and able. Sends nothing.')
    .option('--region <region>', 'region of the deployment (default: AWS_REGION, else that of the profile)')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      const [region, ...more] = readRegions(options.region)
      if (more.length > 0) {
        throw new Problem('usage', '--region is one here: routes name those of their identities themselves.')
      }
      const { routes, deliveries } = await withStore(context, async store => ({
        routes: (await store.readPolicy())?.routes ?? [],
        deliveries: await store.listDeliveries({ limit: DELIVERIES_MAX }),
      }))
      if (routes.length === 0) {
        throw new Problem(
          'notSent',
          'There are no routes yet, so nothing can be sent. Propose some with: hookline identities discover',
        )
      }
      const [home] = await readAccounts(context, [region ?? context.homeRegion()], routes)
      if (home === undefined) throw new Error('No region was read')
      const elsewhere = regionsOf(routes, home.region).filter(one => one !== home.region)
      const others = await readAccounts(context, elsewhere, routes)
      const accounts = new Map([home, ...others].map(account => [account.region, account]))
      const now = context.now()
      const findings = checkIdentities({ routes, accounts, homeRegion: home.region, deliveries, now })
      if (findings.some(({ severity }) => severity === 'error')) context.endWith(exitCodes.notSent)
      const regions = [...accounts.keys()]
      context.print(
        options.json
          ? JSON.stringify({ regions, findings }, undefined, 2)
          : describe(findings, regions, routes.length),
      )
    })
}

function describe(findings: readonly Finding[], regions: readonly string[], routes: number): string {
  const where = regions.join(', ')
  if (findings.length === 0) {
    return `✓ Every identity of ${count(routes, 'route')} is there, active and able (${where}).`
  }
  const grouped = Map.groupBy(findings, ({ severity, sentence, remedy }) =>
    JSON.stringify([severity, sentence, remedy]),
  )
  const blocks = [...grouped.values()].map(same => {
    const [{ severity, sentence, remedy } = UNNAMED] = same
    const places = [...new Set(same.map(placeOf))].join(', ')
    const says = `${severity === 'error' ? '✗' : '!'} ${places}: ${sentence}`
    return [says, `What to do: ${remedy}`]
      .map(line => wrap(line, LINE_MAX).replaceAll('\n', '\n  '))
      .join('\n  ')
  })
  const errors = [...grouped.values()].filter(([first]) => first?.severity === 'error').length
  const warnings = grouped.size - errors
  return `${blocks.join('\n\n')}\n\n${count(errors, 'error')}, ${count(warnings, 'warning')} (${where}).`
}

function placeOf({ country, channel, region }: Finding): string {
  return country === undefined ? region : `${country} ${channel}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

const UNNAMED = { severity: 'error', sentence: '', remedy: '' } as const
const LINE_MAX = 106
const DELIVERIES_MAX = 1_000
