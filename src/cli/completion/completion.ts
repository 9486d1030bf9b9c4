import { Argument, type Command } from 'commander'
import { allCountries } from '../../core/values/phone-number.ts'
import { purposes } from '../../core/values/request.ts'
import type { Context } from '../terminal/context.ts'

/**
 * `hookline completion`: a script for the shell, made from the commands of the program, so that it always has all of
 * them. `languages`: those that Hookline ships.
 */
export function completionCommand(
  command: Command,
  { print }: Pick<Context, 'print'>,
  program: Command,
  languages: readonly string[],
): void {
  const values = {
    '--channel': ['sms', 'voice'],
    '--countries': ['all', ...allCountries()],
    '--locale': languages,
    '--okta-telephony': ['yes', 'no'],
    '--purpose': purposes,
  }
  command
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action((shell: 'bash' | 'zsh' | 'fish') => print(SCRIPTS[shell](levelsOf(program, values))))
}

/** A command, and what can follow it. */
type Level = {
  /** The words so far: `hookline routes import`. */
  readonly path: string
  /** Its commands, or the values of its first argument where they are a list. */
  readonly words: readonly Word[]
  readonly options: readonly Option[]
  /** Whether an argument follows that is no list, such as a file. */
  readonly takesText: boolean
}
type Word = { readonly word: string; readonly about: string }
/** `values`: undefined if it has no value, and empty if its values are not a fixed list. */
type Option = Word & { readonly values: readonly string[] | undefined }

/** The values of options that have a fixed list, by option. */
type OptionValues = Readonly<Record<string, readonly string[]>>

/** A command and all its subcommands. */
function levelsOf(command: Command, values: OptionValues, before = ''): readonly Level[] {
  const path = `${before}${command.name()}`
  const help = command.createHelp()
  const commands = help.visibleCommands(command)
  const [argument] = command.registeredArguments
  const choices = argument?.argChoices ?? []
  const level: Level = {
    path,
    words: [
      ...commands.map(one => ({ word: one.name(), about: one.description() })),
      ...choices.map(word => ({ word, about: argument?.description ?? '' })),
    ],
    options: help.visibleOptions(command).flatMap(({ long, description, required, argChoices }) =>
      long
        ? {
            word: long,
            about: description,
            values: required ? (argChoices ?? values[long] ?? []) : undefined,
          }
        : [],
    ),
    takesText: argument !== undefined && choices.length === 0,
  }
  const own = commands.filter(one => command.commands.includes(one)) // not `help`, which completes nothing
  return [level, ...own.flatMap(one => levelsOf(one, values, `${path} `))]
}

const SCRIPTS = {
  bash: (levels: readonly Level[]) => `# Load it with: source <(hookline completion bash)
_hookline() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} at=hookline list= options= i
${findList(levels, '(( i = 1; i < COMP_CWORD; i++ ))', 'COMP_WORDS')}
  COMPREPLY=($(compgen -W "$list" -- "$word"))
}
complete -o default -F _hookline hookline`,

  zsh: (levels: readonly Level[]) => `#compdef hookline
# Load it, after compinit, with: source <(hookline completion zsh)
_hookline() {
  local word=\${words[CURRENT]} previous=\${words[CURRENT-1]} at=hookline list= options= i
${findList(levels, '(( i = 2; i < CURRENT; i++ ))', 'words')}
  if [[ -n $list ]]; then compadd -- \${(s: :)list}; else _files; fi
}
compdef _hookline hookline`,

  fish: (levels: readonly Level[]) => `# Load it with: hookline completion fish | source
function __hookline_at
  set -l at hookline
  set -l commands ${levels.map(({ path }) => quoted(path)).join(' ')}
  for word in (commandline -opc)[2..-1]
    contains -- "$at $word" $commands; and set at "$at $word"
  end
  test "$at" = "$argv[1]"
end
${levels.flatMap(fishLines).join('\n')}`,
} as const

/** For bash and zsh: sets \`list\` to what can follow; it stays empty where that is a file or any text. */
function findList(levels: readonly Level[], loop: string, array: string): string {
  const word = `\${${array}[i]}`
  const below = levels.slice(1).map(({ path }) => `'${path}'`)
  const valued = levels.flatMap(({ path, options }) =>
    options.flatMap(({ word: option, values }) =>
      values === undefined ? [] : [`    '${path} ${option}') list='${values.join(' ')}' ;;`],
    ),
  )
  const others = levels.map(({ path, words, options, takesText }) => {
    const flags = options.map(option => option.word).join(' ')
    const list = words.length > 0 || takesText ? words.map(one => one.word).join(' ') : flags
    return `      '${path}') list='${list}' options='${flags}' ;;`
  })
  return `  for ${loop}; do
    case "$at ${word}" in
      ${below.join(' | ')}) at="$at ${word}" ;;
    esac
  done
  case "$at $previous" in
${valued.join('\n')}
    *) case $at in
${others.join('\n')}
    esac
    [[ $word == -* ]] && list=$options ;;
  esac`
}

function fishLines({ path, words, options, takesText }: Level): readonly string[] {
  const start = `complete -c hookline -n ${quoted(`__hookline_at ${quoted(path)}`)}`
  return [
    ...(takesText ? [] : [`${start} -f`]),
    ...words.map(({ word, about }) => `${start} -a ${quoted(word)} -d ${quoted(about)}`),
    ...options.map(({ word, about, values }) => {
      const value =
        values === undefined ? '' : values.length === 0 ? ' -r' : ` -x -a ${quoted(values.join(' '))}`
      return `${start} -l ${word.slice(2)}${value} -d ${quoted(about)}`
    }),
  ]
}

/** For fish, whose single quotes know two escapes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

const HELP = `
Add the line to the file that your shell reads at its start:
  bash  source <(hookline completion bash)
  zsh   source <(hookline completion zsh)
  fish  hookline completion fish | source`
