import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { Command } from 'commander'
import { commands } from '../../src/main/commands/commands.ts'

/** Commands that `main/run.ts` defines itself. */
const SERVERS = ['console', 'start', 'serve']

/** Whether a command does something without the name of one of its commands. */
function hasDefault(command: Command): boolean {
  return (command as unknown as { readonly _defaultCommandName: string | null })._defaultCommandName !== null
}

/** Each command that the pages name: its words and its options. */
function namedIn(
  source: string,
): readonly { readonly words: readonly string[]; readonly options: readonly string[] }[] {
  return [...source.matchAll(/hookline ((?:[a-z]+ ?)+)([^'\n]*)/g)].map(([, words = '', rest = '']) => ({
    words: words.trim().split(' '),
    options: (rest.split('`')[0] ?? '').match(/--[a-z][a-z-]*/g) ?? [],
  }))
}

describe('the commands that the console shows', () => {
  const program = new Command()
  before(async () => {
    for (const { name, load } of commands) {
      const add = (await load()) as (command: Command, context: object) => void
      add(program.command(name), {})
    }
  })
  /** What is wrong with it, if anything. */
  const problemOf = ({ words, options }: ReturnType<typeof namedIn>[number]): string | undefined => {
    const [first = '', ...others] = words
    if (SERVERS.includes(first)) return undefined
    let command = program.commands.find(one => one.name() === first)
    if (command === undefined) return `there is no command ${first}`
    for (const word of others) {
      if (command.commands.length === 0) break // an argument
      const inner: Command | undefined = command.commands.find(one => one.name() === word)
      if (inner === undefined) return `${command.name()} has no command ${word}`
      command = inner
    }
    if (command.commands.length > 0 && !hasDefault(command)) return `${command.name()} needs a command`
    const known = command.options.map(({ long }) => long)
    const unknown = options.filter(option => !known.includes(option))
    return unknown.length === 0 ? undefined : `${words.join(' ')} has no ${unknown.join(', ')}`
  }

  for (const file of globSync('src/console/*.ts').filter(name => !name.endsWith('.test.ts')))
    test(`exist, with their options: ${file}`, () => {
      const problems = namedIn(readFileSync(file, 'utf8')).map(problemOf)
      assert.deepEqual(
        problems.filter(problem => problem !== undefined),
        [],
      )
    })

  test('would be found wrong', () => {
    const wrong = [
      'hookline undo',
      'hookline fraud',
      'hookline fraud budgets undo',
      "'hookline templates undo sms'",
      "'hookline limits observe --soon'",
    ]
    for (const text of wrong) assert.notEqual(namedIn(text).map(problemOf)[0], undefined, text)
    assert.deepEqual(namedIn('`hookline routes try --countries GB`').map(problemOf), [undefined])
  })
})
