import type { Command } from 'commander'
import { countryName, servedLike } from '../../advice/coverage/countries.ts'
import { type Coverage, coverage } from '../../advice/coverage/coverage.ts'
import type { Gap } from '../../advice/coverage/coverage-texts.ts'
import type { RouteCoverage } from '../../advice/coverage/route-coverage.ts'
import type { TemplateCoverage } from '../../advice/coverage/template-coverage.ts'
import { preparePolicy } from '../../core/policy/policy.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import { purposes } from '../../core/values/request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readCountries } from '../terminal/option-values.ts'
import { exitCodes } from '../terminal/problem.ts'
import { mergeRows, wrap, wrappedTable } from '../terminal/table.ts'

/** `hookline coverage`: what users get by country and by language, and each gap. */
export function coverageCommand(command: Command, context: Context): void {
  command
    .option(
      '--countries <codes>',
      'countries that matter to you, such as US,DE, or all; only these then count as gaps',
    )
    .option('--json', 'print JSON, for programs')
    .action(async (options: { readonly countries?: string; readonly json?: boolean }) => {
      const chosen = readCountries(options.countries)
      const stored = await withStore(context, store => store.readPolicy())
      if (stored === undefined) throw new Error('The store returned no policy')
      const covered = coverage(await preparePolicy(stored), context.planRules(), chosen, context.now())
      const refusing = countRefusing(covered, chosen)
      if (refusing > 0) context.endWith(exitCodes.notSent)
      context.print(options.json ? JSON.stringify(covered, undefined, 2) : describe(covered, chosen))
    })
}

/** With --countries, gaps of other countries do not count. */
function counts({ country }: RouteCoverage, chosen: readonly CountryCode[]): boolean {
  return chosen.length === 0 || chosen.some(one => one === country)
}

function countRefusing({ routes, templates }: Coverage, chosen: readonly CountryCode[]): number {
  return [...routes.filter(one => counts(one, chosen)), ...templates].filter(
    ({ gap }) => gap?.refuses !== undefined,
  ).length
}

function describe(covered: Coverage, chosen: readonly CountryCode[]): string {
  const routes = groupRoutes(covered.routes, chosen)
  const templates = groupTemplates(covered.templates)
  const gaps = [
    ...routes.flatMap(({ gap, ...one }) => gap && { ...gap, ...one, who: whoOfRoute(one) }),
    ...templates.flatMap(({ gap, ...one }) => gap && { ...gap, isIgnored: false, who: whoOfTemplate(one) }),
  ].filter(one => one !== undefined)
  const refusing = countRefusing(covered, chosen)
  return [
    wrappedTable(
      ['country', 'channel', 'route', 'can', 'origination identities'],
      routes.map(row => [
        wrap(row.country.map(nameOf).join(', '), 24),
        row.channel.join(', '),
        row.route,
        canDo(row),
        wrap([...row.able, ...row.unable.map(one => `(${one} cannot)`)].join(', then '), 48),
      ]),
    ),
    wrappedTable(
      ['language', 'channel', 'purpose', 'text', 'voice'],
      templates.map(row => [
        wrap(row.locale.join(', '), 34),
        row.channel,
        wrap(purposesOf(row.purpose), 22),
        wrap(row.text, 30),
        row.voiceId,
      ]),
    ),
    gaps.length === 0 ? 'No gaps.' : ['Gaps:', ...gaps.map(describeGap)].join('\n'),
    refusing === 0
      ? '✓ No user is refused for lack of a route or a template.'
      : '✗ Some users get no code from Hookline: see the lines that begin with ✗.',
  ].join('\n\n')
}

type DescribedGap = Gap & { readonly who: string; readonly isIgnored: boolean }

function describeGap({ who, sentence, refuses, isIgnored }: DescribedGap): string {
  const text = `${refuses === undefined || isIgnored ? '·' : '✗'} ${who}: ${sentence}${isIgnored ? ' (Not counted: it is not in --countries.)' : ''}`
  return wrap(text, LINE_MAX - 4)
    .split('\n')
    .map((line, index) => `${index === 0 ? '  ' : '    '}${line}`)
    .join('\n')
}

function groupRoutes(routes: readonly RouteCoverage[], chosen: readonly CountryCode[]) {
  const rows = routes.map(one => ({ ...one, isIgnored: !counts(one, chosen) }))
  return mergeRows(mergeRows(rows, 'channel'), 'country')
}

function groupTemplates(templates: readonly TemplateCoverage[]) {
  const rows = templates.map(({ template, source, voiceId, ...one }) => ({
    ...one,
    text: describeSource(one.purpose, source, template),
    voiceId: voiceId ?? '',
  }))
  return mergeRows(mergeRows(rows, 'purpose'), 'locale').toSorted((one, other) =>
    one.channel.localeCompare(other.channel),
  )
}

function describeSource(
  purpose: string,
  source: TemplateCoverage['source'],
  template: TemplateCoverage['template'],
): string {
  if (template === undefined) return source === 'okta' ? "Okta's own text" : 'refused'
  const from =
    source === 'own' ? 'own' : source === 'related' ? template.locale : `${template.locale}, a fallback`
  return `${from}${template.purpose === purpose ? '' : `, for ${template.purpose} purpose`}, version ${template.version}`
}

type GroupedRoute = ReturnType<typeof groupRoutes>[number]
type GroupedTemplate = ReturnType<typeof groupTemplates>[number]

function canDo({ able, unable, channel }: GroupedRoute): string {
  if (able.length === 0) return 'nothing'
  const verbs = channel.map(one => (one === 'sms' ? 'text' : 'call')).join(', ')
  return unable.length === 0 ? verbs : `${verbs} (${able.length} of ${able.length + unable.length})`
}

function whoOfRoute({ country, channel }: Pick<GroupedRoute, 'country' | 'channel'>): string {
  return `${country.map(fullNameOf).join(', ')} over ${channel.join(' and ')}`
}

/** Territories with their names, because few people know their codes. */
function fullNameOf(country: CountryCode | '*'): string {
  return country !== '*' && servedLike(country) !== undefined
    ? `${country} (${countryName(country)})`
    : nameOf(country)
}

function whoOfTemplate({
  locale,
  channel,
  purpose,
}: Pick<GroupedTemplate, 'locale' | 'channel' | 'purpose'>): string {
  return `${locale.join(', ')} over ${channel}, ${purposesOf(purpose)}`
}

function purposesOf(some: readonly string[]): string {
  return some.length === purposes.length ? 'every purpose' : some.join(', ')
}

function nameOf(country: string): string {
  return country === '*' ? 'all others' : country
}

const LINE_MAX = 110
