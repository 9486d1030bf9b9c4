import type { Command } from 'commander'
import type { StoredPolicy } from '../core/policy.ts'
import { identityKind, type Route } from '../core/route.ts'
import { identitiesCheckCommand } from './identities-check.ts'
import { identitiesDiscoverCommand } from './identities-discover.ts'
import { readIdentitiesFile } from './identities-file.ts'
import { describeImport, type ImportReport, readTextFile } from './read-file.ts'
import { table } from './table.ts'
import { type AccountTools, withStore } from './tools.ts'

/** `hookline identities`: which origination identity a country's messages come from. */
export function identitiesCommand(identities: Command, tools: AccountTools): void {
  identities
    .command('list')
    .description('Show every route.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const { routes = [] } = (await withStore(tools, store => store.readPolicy())) ?? {}
      tools.print(json ? JSON.stringify(routes, undefined, 2) : describeRoutes(routes))
    })
  identities
    .command('import <file>')
    .description(
      'Add or replace routes from a JSON file: { "GB": "+44…", "*": { "sms": ["…"], "voice": ["…"] } }',
    )
    .action(async (file: string) => {
      const text = await readTextFile(file)
      const report = await withStore(tools, async store => {
        const { routes, ...read } = readIdentitiesFile(text, file)
        const before = await store.readPolicy()
        await store.saveRoutes(routes)
        return { ...read, changed: [...read.changed, ...replaced(routes, before)] }
      })
      tools.print(describeImport(report satisfies ImportReport))
    })
  identitiesDiscoverCommand(identities, tools)
  identitiesCheckCommand(identities, tools)
}

function replaced(routes: readonly Route[], before: StoredPolicy | undefined): readonly string[] {
  if (before === undefined) return []
  const old = new Map(before.routes.map(route => [`${route.country}/${route.channel}`, route]))
  return routes.flatMap(({ country, channel, rungs }) => {
    const was = old.get(`${country}/${channel}`)
    const isSame = was === undefined || JSON.stringify(was.rungs) === JSON.stringify(rungs)
    return isSame
      ? []
      : [`${country} ${channel}: was ${was.rungs.map(rung => rung.identity).join(', then ')}`]
  })
}

function describeRoutes(routes: readonly Route[]): string {
  if (routes.length === 0)
    return 'No routes yet. Propose some with: hookline identities discover; or add them with: hookline identities import <file>'
  return table(
    ['country', 'channel', 'rung', 'kind', 'origination identity'],
    routes.flatMap(({ country, channel, rungs }) =>
      rungs.map(({ identity }, index) => [
        country,
        channel,
        String(index + 1),
        identityKind(identity) ?? '?',
        identity,
      ]),
    ),
  )
}
