import type { Proposal, ProposedRoute } from '../../advice/account/propose-routes.ts'
import type { Candidate } from '../../core/policy/route.ts'
import { mergeRows, wrap, wrappedTable } from '../terminal/table.ts'

/** The proposal as a table of today's routes and the account's, and what to know about it. `regions`: those that were read. */
export function describeProposal({ routes, leftOut }: Proposal, regions: readonly string[]): string {
  const where = regions.join(', ')
  if (routes.length === 0) {
    return `The account has no origination identity in ${where} that can send, and there are no routes.${list(leftOutOf(leftOut))}`
  }
  const rows = routes.map(({ country, channel, change, before, after }) => ({
    channel,
    country,
    change,
    before: before.map(nameOf),
    after: change === 'new' || change === 'changed' ? after.map(candidate => mark(candidate, before)) : [],
  }))
  const missing = mergeRows(
    routes.flatMap(({ country, channel, missing: ids }) =>
      ids.map(identity => ({ identity, at: `${country} ${channel}` })),
    ),
    'at',
  )
  return [
    wrappedTable(
      ['country', 'channel', 'change', 'today', `what ${where} has`],
      mergeRows(rows, 'channel').map(row => [
        row.country,
        row.channel.join(', '),
        row.change,
        row.before.map(one => wrap(one, 36)).join('\n'),
        row.after.map(one => wrap(one, 40)).join('\n'),
      ]),
    ),
    ...section(
      'In the routes, but not in the account (kept; hookline identities check says what to do):',
      missing.map(({ identity, at }) => `${identity}: ${at.join(', ')}`),
    ),
    ...section('In the account, but not usable now:', leftOutOf(leftOut)),
    ...section('Notes:', [...new Set(routes.flatMap(({ notes }) => notes))]),
    summary(routes),
  ].join('\n\n')
}

function summary(routes: readonly ProposedRoute[]): string {
  const counts = (['new', 'changed', 'same', 'gone'] as const).flatMap(change => {
    const number = routes.filter(one => one.change === change).length
    return number === 0 ? [] : [`${number} ${change}${change === 'gone' ? ' (kept)' : ''}`]
  })
  const hasDefault = routes.some(({ country }) => country === '*')
  return `${counts.join(', ')}.${hasDefault ? ' The default route (*) is yours to choose: it is never proposed.' : ''}`
}

/** Marks an added identity with a plus sign. */
function mark(candidate: Candidate, before: readonly Candidate[]): string {
  return `${before.includes(candidate) ? ' ' : '+'} ${nameOf(candidate)}`
}

function nameOf({ identity, region }: Candidate): string {
  return region === undefined ? identity : `${identity} (${region})`
}

function leftOutOf(leftOut: Proposal['leftOut']): readonly string[] {
  return mergeRows(leftOut, 'region').map(({ why, region }) => `${region.join(', ')}: ${why}`)
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}${list(lines)}`]
}

function list(lines: readonly string[]): string {
  return lines.map(line => `\n${wrap(line, 104).replace(/^/gm, '    ').replace(/^ {4}/, '  ')}`).join('')
}
