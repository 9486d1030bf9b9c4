import { type Candidate, canSend, identityKind, type Route, regionProblem } from '../../core/policy/route.ts'
import { isCountry } from '../../core/values/phone-number.ts'
import { messageOf } from '../../core/values/printable.ts'
import { type Channel, channels } from '../../core/values/request.ts'
import type { ImportReport } from '../terminal/files.ts'
import { Problem, quoted } from '../terminal/problem.ts'

/**
 * Reads routes from JSON: a country code or `*` to one identity for both channels (the AWS guidance's
 * `originationIdentities.json`), or to `{ "sms": [...], "voice": [...] }` with identities or whole candidates.
 * If the file has problems, all are listed and nothing is imported. `homeRegion`: the deployment's region, if it is known:
 * an identity that its credentials cannot reach is a problem.
 */
export function readRoutesFile(
  text: string,
  file: string,
  homeRegion: string | undefined,
): ImportReport & { readonly routes: readonly Route[] } {
  const entries = Object.entries(parseObject(text, file))
  const problems: string[] = []
  const read = entries.map(([country, value]) => readCountry(country, value, homeRegion, problems))
  if (problems.length > 0) {
    // An identity for both channels is read twice. Its problem is listed once.
    const all = [...new Set(problems)]
    const lines = all.slice(0, LISTED_MAX).map(line => `  ${line}`)
    if (all.length > LISTED_MAX) lines.push(`  and ${all.length - LISTED_MAX} more.`)
    throw new Problem('usage', `${file} was not imported:\n${lines.join('\n')}`)
  }
  return {
    routes: read.flatMap(({ routes }) => routes),
    taken: read.flatMap(({ routes }) => routes.map(describeRoute)),
    changed: [],
    warnings: read.flatMap(({ warnings }) => warnings),
  }
}

/** A file that `readRoutesFile` reads as exactly these routes; an identity without parameters is written as its text. */
export function routesToFile(routes: readonly Route[]): object {
  const byCountry = Map.groupBy(routes, ({ country }) => country)
  return Object.fromEntries(
    [...byCountry].map(([country, own]) => [
      country,
      Object.fromEntries(own.map(({ channel, candidates }) => [channel, candidates.map(shortForm)])),
    ]),
  )
}

function shortForm(candidate: Candidate): Candidate | string {
  const { identity, ...parameters } = candidate
  return Object.keys(parameters).length === 0 ? identity : candidate
}

function parseObject(text: string, file: string): object {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  } catch (error) {
    throw new Problem('usage', `${file} is not JSON: ${messageOf(error)}`)
  }
  throw new Problem('usage', `${file} is not a JSON object of countries, such as { "US": "+18665550100" }.`)
}

function readCountry(
  name: string,
  value: unknown,
  homeRegion: string | undefined,
  problems: string[],
): { routes: Route[]; warnings: string[] } {
  const routes: Route[] = []
  const warnings: string[] = []
  const country = name.trim().toUpperCase()
  if (country !== '*' && !isCountry(country)) {
    problems.push(`${quoted(name)} is not a country code (ISO 3166 alpha-2) such as US, nor *.`)
    return { routes, warnings }
  }
  if (channels.every(channel => candidatesOf(value, channel).length === 0)) {
    problems.push(`${country} names no origination identity; expected one, or a list under sms or voice.`)
  }
  for (const name of isByChannel(value) ? Object.keys(value) : []) {
    if (channels.some(channel => channel === name)) continue
    problems.push(`${country}.${nameOf(name)} is not a channel; expected sms or voice.`)
  }
  for (const channel of channels) {
    const where = isByChannel(value) ? `${country}.${channel}` : country
    const candidates = candidatesOf(value, channel).map(candidate =>
      readCandidate(candidate, where, homeRegion, problems),
    )
    const able = candidates
      .filter(candidate => candidate !== undefined)
      .filter(({ identity }) => isAble(identity, channel))
    if (able.length > 0) routes.push({ country, channel, candidates: able })
    else if (candidates.length > 0 && !candidates.includes(undefined)) {
      warnings.push(
        `${country}: no voice calls, because ${candidates.map(candidate => kindOf(candidate)).join(' and ')} cannot call.`,
      )
    }
  }
  const placeholders = new Set(
    routes.flatMap(({ candidates }) => candidates.map(({ identity }) => identity).filter(isPlaceholder)),
  )
  for (const identity of placeholders) {
    warnings.push(`${country}: ${identity} is an example. AWS will refuse it: replace it with your own.`)
  }
  return { routes, warnings }
}

/** One identity serves both channels; the longer form names them. */
function candidatesOf(value: unknown, channel: Channel): readonly unknown[] {
  if (!isByChannel(value)) return [value].flat()
  return [Object.entries(value).find(([name]) => name === channel)?.[1] ?? []].flat()
}

function isByChannel(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readCandidate(
  value: unknown,
  where: string,
  homeRegion: string | undefined,
  problems: string[],
): Candidate | undefined {
  const candidate = typeof value === 'string' ? { identity: value } : value
  const identity =
    typeof candidate === 'object' && candidate !== null && 'identity' in candidate
      ? candidate.identity
      : undefined
  if (typeof identity !== 'string' || identityKind(identity) === undefined) {
    problems.push(
      `${where} is ${quoted(value)}; expected a phone number, pool, sender ID or RCS agent, or its ARN.`,
    )
    return undefined
  }
  const before = problems.length
  for (const [name, parameterValue] of Object.entries(candidate as object)) {
    if (name === 'identity') continue
    const parameter = PARAMETERS.get(name)
    if (parameter === undefined) {
      problems.push(
        `${where}.${nameOf(name)} is not known; expected ${['identity', ...PARAMETERS.keys()].join(', ')}.`,
      )
    } else if (!parameter.isRight(parameterValue)) {
      problems.push(`${where}.${name} is ${quoted(parameterValue)}; expected ${parameter.allowed}.`)
    }
  }
  const elsewhere = problems.length > before ? undefined : regionProblem(candidate as Candidate, homeRegion)
  if (elsewhere !== undefined) problems.push(`${where} is ${identity}: ${elsewhere}.`)
  return candidate as Candidate // if one of its parameters is wrong, nothing is imported
}

type Parameter = { readonly allowed: string; readonly isRight: (value: unknown) => boolean }

const PRICE: Parameter = {
  allowed: 'US dollars, more than 0 and up to 10',
  isRight: value => typeof value === 'number' && value > 0 && value <= 10,
}
const TEXT: Parameter = { allowed: 'text', isRight: value => typeof value === 'string' && value !== '' }

/** The parameters of a candidate, other than its identity. */
const PARAMETERS: ReadonlyMap<string, Parameter> = new Map(
  Object.entries({
    maxPricePerPart: PRICE,
    maxPricePerMinute: PRICE,
    region: {
      allowed: 'a region such as us-east-1',
      isRight: value => typeof value === 'string' && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(value),
    },
    partsPerSecond: {
      allowed: 'a number, more than 0 and up to 1000',
      isRight: value => typeof value === 'number' && value > 0 && value <= 1_000,
    },
    notifyTemplateId: TEXT,
    indiaEntityId: TEXT,
  } satisfies Record<Exclude<keyof Candidate, 'identity'>, Parameter>),
)

function isAble(identity: string, channel: Channel): boolean {
  const kind = identityKind(identity)
  return kind !== undefined && canSend(kind, channel)
}

function kindOf(candidate: Candidate | undefined): string {
  const kind = candidate === undefined ? '?' : identityKind(candidate.identity)
  return kind === 'RCS agent' ? `an ${kind}` : `a ${kind}`
}

function isPlaceholder(identity: string): boolean {
  return /X{4,}/.test(identity)
}

function describeRoute({ country, channel, candidates }: Route): string {
  return `${country} ${channel}: ${candidates.map(({ identity }) => `${identity} (${identityKind(identity)})`).join(', then ')}`
}

function nameOf(name: string): string {
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX)}…` : name
}

const LISTED_MAX = 50
const NAME_MAX = 100
