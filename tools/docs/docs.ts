import { readFileSync, writeFileSync } from 'node:fs'
import { type ParameterGroup, parameterGroups } from '../../infra/parameters/groups.ts'
import { carrierErrors } from '../../src/adapters/aws/carrier-error-table.ts'
import { secretNames } from '../../src/config/environment.ts'
import type { Deployed } from '../../src/config/setting.ts'
import { allSettings } from '../../src/config/setting-table.ts'
import { reasons } from '../../src/core/values/reasons.ts'
import { fraudExamples } from './fraud-examples.ts'
import { languagesPage, markdownTable } from './languages-page.ts'

/**
 * `npm run docs` writes the pages and parts of pages that are generated from code. With `--check` it changes nothing,
 * and fails if a page is out of date.
 */
const pages: Readonly<Record<string, (page: string) => string>> = {
  'docs/settings.md': settingsPage,
  'docs/errors.md': errorsPage,
  'docs/languages.md': () => `${MADE}${languagesPage()}`,
  'docs/fraud.md': page => withTable(page, 'explanations', fraudExamples()),
  'docs/deploying.md': page => withTable(page, 'parameters', parameterTable()),
}

const MADE = '<!-- Made by `npm run docs`: change the code that it is made from instead. -->\n\n'
const ANSWERS: Readonly<Record<(typeof reasons)[keyof typeof reasons]['answer'], string>> = {
  unauthorized: '401, no body',
  unreadable: '400 (413 when too large) with an error object',
  invalid: '200 with an error object that names the field',
  'cannot-send': '200, `FAILED`: Okta may send with its own provider',
  'over-limit':
    'by `HOOKLINE_OVER_LIMIT_ANSWER`: an error object that tells the person to wait, `FAILED`, or `SUCCESSFUL` without sending',
  blocked: 'by `HOOKLINE_BLOCKED_ANSWER`: `SUCCESSFUL` without sending, an error object, or `FAILED`',
  failed: '200, `FAILED`: Okta may send with its own provider',
  unknown: 'by `HOOKLINE_UNKNOWN_ANSWER`: 200, `FAILED` or `PENDING`',
}

const isCheck = process.argv.includes('--check')
for (const [path, make] of Object.entries(pages)) {
  const url = new URL(`../../${path}`, import.meta.url)
  const page = readFileSync(url, 'utf8')
  if (!isCheck) {
    writeFileSync(url, make(page))
    process.stdout.write(`${path} written\n`)
  } else if (page !== make(page)) {
    process.stderr.write(`${path} is out of date. Run: npm run docs\n`)
    process.exitCode = 1
  }
}

function settingsPage(): string {
  const rows = allSettings.map(({ name, meaning, allowed, default: value = '', deployed }) => [
    `\`${name}\``,
    meaning,
    allowed,
    value === '' ? '' : `\`${value}\``,
    onAws(deployed),
  ])
  return `${MADE}# Settings

Hookline is set by environment variables; on AWS, a parameter of the deployment or the stack itself sets them, as the last
column says. All problems are listed at once before anything listens; an unknown
\`HOOKLINE_*\` name is a problem. An empty variable is an unset one. No setting turns verification off: \`serve\`
needs the four \`HOOKLINE_OKTA_*\` settings, or the two of the secret header, or \`HOOKLINE_ORGS\`, or several of them.

A secret may be in a file, so that it is in no environment: \`HOOKLINE_HASH_KEY_FILE=/run/secrets/hash-key\`. So may each of
${secretNames.map(name => `\`${name}\``).join(', ')}; a name and its \`_FILE\` exclude each other.

What operators change while Hookline runs, templates and routes, is not here: see \`hookline templates --help\`
and \`hookline routes --help\`. The default route, for countries without one of their own, is the country \`*\`.

${markdownTable(['setting', 'meaning', 'allowed', 'default', 'on AWS'], rows)}`
}

function onAws(deployed: Deployed): string {
  switch (deployed.kind) {
    case 'parameter':
      return `parameter \`${deployed.parameter.name}\``
    case 'resource':
      return 'set by the stack'
    case 'secret':
      return 'in a secret of the stack'
    case 'none':
      return `none: ${deployed.reason}`
  }
}

function parameterTable(): string {
  const groups: readonly ParameterGroup[] = parameterGroups
  const rows = groups.flatMap(({ label, parameters }) => [
    [`**${label}**`, '', '', ''],
    ...Object.entries(parameters).map(([name, { value, allowed, description }]) => [
      `\`${name}\``,
      value === undefined ? 'none: must be given' : value === '' ? '' : `\`${value}\``,
      allowed.replaceAll('<', '&lt;'), // Markdown would read it as a tag
      description.replaceAll('<', '&lt;'),
    ]),
  ])
  return markdownTable(['parameter', 'default', 'allowed', 'meaning'], rows)
}

/** The page with this table between its marks. */
function withTable(page: string, mark: string, table: string): string {
  const parts = page.split(new RegExp(`(?<=<!-- ${mark} -->\\n)[^]*(?=<!-- ${mark}: end -->)`))
  if (parts.length !== 2) throw new Error(`The page has no marks for ${mark}`)
  return parts.join(table)
}

function errorsPage(): string {
  const rows = Object.entries(reasons).map(([code, reason]) => [
    `\`${code}\``,
    reason.meaning,
    ANSWERS[reason.answer],
    reason.actor,
    reason.remedy,
  ])
  return `${MADE}# Why a code did not go out

Each reason has a name that never changes. It is in the log, in \`hookline deliveries\`, in \`hookline explain\` and,
if the caller was authenticated, in the \`debugContext\` that Okta copies into its System Log
(\`inline_hook.response.processed\`).

${markdownTable(['reason', 'what happened', 'what Okta hears', 'who must act', 'what to do'], rows)}
## AWS's errors

What each error of AWS End User Messaging means for one message. *About* says whose error it is: after one about the account,
the identity, or the identity in this country, the next candidate of the route is tried, and it counts against the health of
the identity for this country and channel. After one about the recipient or the message none is tried, and no health changes.
A validation that names its fields is about what they are about. Rows *at the door* are proof that nothing was sent only when the
answer has AWS's request ID; any other error with status 403 or 429 and a request ID is read the same.

${markdownTable(['error', 'reason', 'about', 'at the door', 'why'], carrierErrorRows())}`
}

function carrierErrorRows(): readonly (readonly string[])[] {
  return carrierErrors.map(({ name, reason, result, isAtDoor, why }) => [
    `\`${name}\``,
    reason === undefined ? 'any other, or none' : `\`${reason}\``,
    result.kind === 'failure' ? result.about : 'unknown: never tried again',
    isAtDoor ? 'yes' : '',
    why,
  ])
}
