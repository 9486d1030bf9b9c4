import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, test } from 'node:test'
import type { Command } from 'commander'
import { allSettings } from '../../src/config/setting-table.ts'
import { reasons } from '../../src/core/values/reasons.ts'
import { createHookline } from '../../src/main/run.ts'

const PAGES = Object.fromEntries(
  globSync(['*.md', 'docs/**/*.md']).map(page => [page, readFileSync(page, 'utf8')]),
)

/** Text written as code: in backquotes, in fences, and in indented lines. */
function codeIn(text: string): readonly string[] {
  const fences = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map(([, code = '']) => code)
  const lines = text.replace(/^```.*?^```/gms, '').split('\n')
  const indented = lines.filter(line => /^ {4}\S/.test(line))
  return [
    ...fences.flatMap(code => code.replaceAll('\\\n', ' ').split('\n')),
    ...indented,
    ...[...lines.join('\n').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\n', ' ')),
  ]
}

/** Anchors as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('links', () => {
  for (const [page, text] of Object.entries(PAGES)) {
    test(`of ${page} have a target`, () => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
      const broken = links.filter(([, path = '', anchor]) => {
        const target = path === '' ? page : posix.join(posix.dirname(page), path)
        if (!existsSync(target)) return true
        return anchor !== undefined && !anchorsOf(PAGES[target] ?? '').has(anchor)
      })
      assert.deepEqual(
        broken.map(([link]) => link),
        [],
      )
    })
  }
})

test('every file that a page names exists', () => {
  const files = globSync('{src,infra,simulators,bench,test,tools,docs,messages}/**/*', {
    withFileTypes: false,
  })
  const missing = Object.entries(PAGES).flatMap(([page, text]) =>
    [...text.matchAll(/(?<![\w/:.-])((?:[\w-]+\/)+[\w.-]+\.(?:ts|mjs|json|md|yml))\b/g)]
      .map(([, path = '']) => path)
      .filter(path => !MADE.test(path) && !files.some(file => file === path || file.endsWith(`/${path}`)))
      .map(path => `${page}: ${path}`),
  )
  assert.deepEqual(missing, [])
})

/** Files that commands write. */
const MADE = /^(?:dist|data|package)\//

test('every setting that a page names exists', () => {
  const names = allSettings.map(({ name }) => name)
  const known = new Set([...names, ...OTHER_NAMES])
  const unknown = Object.entries(PAGES).flatMap(([page, text]) =>
    [...text.matchAll(/\bHOOKLINE_[A-Z_]*[A-Z](?:_FILE)?\b(?!\*|_\*)/g)]
      .map(([name]) => name.replace(/_FILE$/, ''))
      .filter(name => !known.has(name) && !names.some(one => one.startsWith(`${name}_`)))
      .map(name => `${page}: ${name}`),
  )
  assert.deepEqual(unknown, [])
})

/** Settings of the tests and the development tools, not of the product. */
const OTHER_NAMES = [
  'HOOKLINE_SEED',
  'HOOKLINE_REQUIRE_CHROMIUM',
  'HOOKLINE_REQUIRE_FAKETIME',
  'HOOKLINE_OKTA_OPENAPI',
  'HOOKLINE_OKTA_EVENT_TYPES',
  'HOOKLINE_DYNAMODB_LOCAL',
]

test('every reason has a row in docs/errors.md', () => {
  for (const code of Object.keys(reasons))
    assert.ok(PAGES['docs/errors.md']?.includes(`| \`${code}\` |`), code)
})

test('the README has the right number of languages', () => {
  const count = readdirSync('messages').filter(name => name.endsWith('.json')).length
  assert.match(PAGES['README.md'] ?? '', new RegExp(`\\b${count} languages shipped`))
})

test('every command and option that a page names exists', async () => {
  const streams = { ...process, signal: new AbortController().signal, sendReady: () => undefined }
  const program = await createHookline(['completion'], {}, streams, () => undefined)
  const wrong = Object.entries(PAGES).flatMap(([page, text]) =>
    codeIn(text).flatMap(code =>
      code
        .split(/\s[|&;]+\s|\s#\s/)
        .map(one => /\bnpx hookline (.+)$/.exec(one)?.[1] ?? /^hookline (?!(?:is|that) )(.+)$/.exec(one)?.[1])
        .filter(rest => rest !== undefined)
        .flatMap(rest => problemsOf(rest, program).map(problem => `${page}: hookline ${rest}: ${problem}`)),
    ),
  )
  assert.deepEqual([...new Set(wrong)], [])
})

function problemsOf(rest: string, program: Command): readonly string[] {
  let command = program
  const problems: string[] = []
  const words = rest.split(/\s+/)
  while (words.length > 0) {
    const next = command.commands.find(one => one.name() === words[0])
    if (next === undefined) break
    command = next
    words.shift()
  }
  if (command === program && /^[a-z]/.test(words[0] ?? '')) problems.push(`there is no command ${words[0]}`)
  else if (
    command.commands.length > 0 &&
    /^[a-z]+$/.test(words[0] ?? '') &&
    command.registeredArguments.length === 0
  )
    problems.push(`${command.name()} has no ${words[0]}`)
  for (const word of words) {
    const name = /^(--[a-z-]+)/.exec(word)?.[1]
    if (name !== undefined && !command.options.some(option => option.long === name) && name !== '--help')
      problems.push(`${command.name()} has no option ${name}`)
  }
  return problems
}

test('each decision has a number of its own, without a gap, in its name and in its title', () => {
  const names = readdirSync('docs/decisions').toSorted()
  assert.deepEqual(
    names.map(name => Number(name.slice(0, 4))),
    names.map((_, index) => index + 1),
  )
  for (const name of names)
    assert.match(
      readFileSync(posix.join('docs/decisions', name), 'utf8'),
      new RegExp(`^# ${Number(name.slice(0, 4))}\\. `),
    )
})
