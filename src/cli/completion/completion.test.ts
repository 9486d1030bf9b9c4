import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Command, Option } from 'commander'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { completionCommand } from './completion.ts'

function script(shell: string): string {
  const printed: string[] = []
  const program = new Command('hookline').version('1', '--version')
  const routes = program.command('routes').description("What isn't sent")
  routes.command('list').option('--json', 'print JSON')
  routes.command('import <file>').option('--countries <codes>', 'countries')
  program
    .command('limits')
    .addOption(new Option('--scope <scope>', 'what is counted').choices(['number', 'user']))
  program.command('templates').option('--locale <tag>', 'language').option('--file <path>', 'a file')
  completionCommand(program.command('completion'), { print: text => printed.push(text) }, program, [
    'de',
    'pt-BR',
  ])
  program.parse(['completion', shell], { from: 'user' })
  return printed.join('\n')
}

/** What bash itself would offer after these words; the last one is what is typed so far. */
function completed(...words: readonly string[]): readonly string[] {
  const run = `COMP_WORDS=(hookline ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _hookline; printf '%s\n' "\${COMPREPLY[@]}"`
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-u', '-c', `${script('bash')}\n${run}`], {
    encoding: 'utf8',
  })
  assert.deepEqual([status, stderr], [0, ''])
  return stdout.split('\n').filter(line => line !== '')
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

describe('completion', { skip: !has('bash') && 'NOT PROVED: there is no bash here' }, () => {
  const cases: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
    [['r'], ['routes']],
    [
      ['routes', ''],
      ['list', 'import', 'help'],
    ],
    [
      ['routes', 'list', ''],
      ['--json', '--help'],
    ],
    [['routes', 'list', '--j'], ['--json']],
    [['routes', 'import', ''], []],
    [
      ['routes', 'import', '--'],
      ['--countries', '--help'],
    ],
    [
      ['routes', 'import', '--countries', 'D'],
      ['DE', 'DJ', 'DK', 'DM', 'DO', 'DZ'],
    ],
    [['routes', 'import', 'a-file.json', '--countries', 'US', '--h'], ['--help']],
    [
      ['limits', '--scope', ''],
      ['number', 'user'],
    ],
    [['templates', '--locale', 'p'], ['pt-BR']],
    [['templates', '--file', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['--v'], ['--version']],
    [
      ['nonsense', ''],
      ['routes', 'limits', 'templates', 'completion', 'help'],
    ],
  ]
  for (const [words, offered] of cases)
    it(`of "${words.join(' ')}" is ${offered.join(' ') || 'left to the shell: files'}`, () => {
      assert.deepEqual(completed(...words), offered)
    })
})

describe('the scripts of other shells', () => {
  for (const [shell, option] of [
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as const)
    it(`can be read by ${shell}`, {
      skip: !has(shell) && `NOT PROVED: there is no ${shell} here`,
    }, () => {
      using folder = temporaryFolder()
      const file = join(folder.path, `hookline.${shell}`)
      writeFileSync(file, script(shell))
      const { status, stderr } = spawnSync(shell, [option, file], { encoding: 'utf8' })
      assert.deepEqual([status, stderr], [0, ''])
    })

  it('contain each command, and quote the descriptions', () => {
    assert.match(script('zsh'), /^ {6}'hookline routes import'\) list='' options='--countries --help' ;;$/m)
    assert.match(
      script('fish'),
      /^complete -c hookline -n '__hookline_at \\'hookline\\'' -a 'routes' -d 'What isn\\'t sent'$/m,
    )
  })
})
