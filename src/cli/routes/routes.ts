import type { Command } from 'commander'
import { forgottenNeighbours, servedLike } from '../../advice/coverage/countries.ts'
import { coverCountry } from '../../advice/coverage/route-coverage.ts'
import { readIcuTemplate } from '../../core/message/icu-template.ts'
import { policyOf, type StoredPolicy } from '../../core/policy/policy.ts'
import { identityKind, type Route } from '../../core/policy/route.ts'
import { channels } from '../../core/values/request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { describeImport, exportJson, type ImportReport, readTextFile } from '../terminal/files.ts'
import { mergeRows, table } from '../terminal/table.ts'
import { readRoutesFile, routesToFile } from './routes-file.ts'
import { sharesCommand } from './shares.ts'
import { type RoutesContext, tryCommand } from './try-routes.ts'

/** `hookline routes`: which origination identities messages are sent from, by country and channel. */
export function routesCommand(routes: Command, context: RoutesContext): void {
  routes
    .command('list')
    .description('Show every route.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const stored = await readRoutes(context)
      context.print(json ? JSON.stringify(stored, undefined, 2) : describeRoutes(stored))
    })
  routes
    .command('import <file>')
    .description(
      'Add or replace routes from a JSON file: { "GB": "+44…", "*": { "sms": ["…"], "voice": ["…"] } }',
    )
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (file: string, options: EditorOptions) => {
      const by = editorOf(options, context)
      const text = await readTextFile(file)
      const { routes: imported, ...read } = readRoutesFile(text, file, context.homeRegion())
      const report = await withStore(context, async store => {
        const before = await store.readPolicy()
        await store.saveRoutes(imported, by)
        const after = await store.readPolicy()
        return {
          ...read,
          changed: [...read.changed, ...replaced(imported, before)],
          warnings: [...read.warnings, ...(after === undefined ? [] : gapsOfRoutes(after, imported))],
        }
      })
      context.print(describeImport(report satisfies ImportReport))
    })
  routes
    .command('export')
    .description('Print every route as JSON. `import` reads it.')
    .option('--file <path>', 'write it to a file')
    .action(async ({ file }: { file?: string }) => {
      const stored = await readRoutes(context)
      await exportJson(context, file, routesToFile(stored), countRoutes(stored.length))
    })
  tryCommand(routes, context)
  sharesCommand(routes, context)
}

async function readRoutes(context: Context): Promise<readonly Route[]> {
  return (await withStore(context, store => store.readPolicy()))?.routes ?? []
}

/** The gaps of the imported routes: countries that they seem to serve, but do not. */
function gapsOfRoutes(stored: StoredPolicy, routes: readonly Route[]): readonly string[] {
  const policy = policyOf(stored, readIcuTemplate)
  const own = routes.flatMap(({ country, channel }) => {
    const { gap } = coverCountry(policy, country, channel)
    return gap === undefined ? [] : [{ ...gap, country, channel }]
  })
  const forgotten = channels.flatMap(channel =>
    forgottenNeighbours(policy, channel)
      .filter(country =>
        routes.some(route => route.country === servedLike(country) && route.channel === channel),
      )
      .flatMap(country => {
        const { gap } = coverCountry(policy, country, channel)
        return gap === undefined ? [] : [{ ...gap, country, channel }]
      }),
  )
  return mergeRows(mergeRows([...own, ...forgotten], 'channel'), 'country').map(
    ({ country, channel, sentence }) => `${country.join(', ')} over ${channel.join(' and ')}: ${sentence}`,
  )
}

function replaced(routes: readonly Route[], before: StoredPolicy | undefined): readonly string[] {
  if (before === undefined) return []
  const old = new Map(before.routes.map(route => [`${route.country}/${route.channel}`, route]))
  return routes.flatMap(({ country, channel, candidates }) => {
    const was = old.get(`${country}/${channel}`)
    const isSame = was === undefined || JSON.stringify(was.candidates) === JSON.stringify(candidates)
    return isSame
      ? []
      : [`${country} ${channel}: was ${was.candidates.map(candidate => candidate.identity).join(', then ')}`]
  })
}

function describeRoutes(routes: readonly Route[]): string {
  if (routes.length === 0)
    return 'No routes yet. Propose some with: hookline identities discover; or add them with: hookline routes import <file>'
  return table(
    ['country', 'channel', 'candidate', 'kind', 'origination identity'],
    routes.flatMap(({ country, channel, candidates }) =>
      candidates.map(({ identity }, index) => [
        country,
        channel,
        String(index + 1),
        identityKind(identity) ?? '?',
        identity,
      ]),
    ),
  )
}

function countRoutes(count: number): string {
  return `${count} ${count === 1 ? 'route' : 'routes'}`
}
