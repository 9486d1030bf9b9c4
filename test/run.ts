import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COMPILED } from './world/processes.ts'

/**
 * Runs the tests in groups, two or three at a time: `node test/run.ts [suites] [words in names of files or groups] [options of
 * node --test]`. A group whose files share one process is fast, since shared modules are loaded once; its files run one
 * after the other. A group of programs has one process for each file.
 */
type Group = {
  readonly name: string
  readonly files: readonly string[]
  /** Files that another group runs. */
  readonly except?: readonly string[]
  /** One process for each file, this many at a time. Default: all files share one. */
  readonly processes?: number
}

const DYNAMODB = ['src/adapters/dynamodb/**/*.test.ts', 'test/contracts/dynamodb-*.test.ts']
const BENCH = ['test/programs/bench.test.ts']

export const SUITES: Readonly<Record<string, readonly Group[]>> = {
  // The longest first.
  fast: [
    { name: 'journeys', files: ['test/journeys/*.test.ts'] },
    { name: 'programs', files: ['test/programs/*.test.ts'], except: BENCH, processes: 1 },
    {
      name: 'deployment and house',
      files: [
        '{infra,tools}/**/*.test.ts',
        'test/*.test.ts',
        'test/{house,infra,properties,support}/**/*.test.ts',
      ],
    },
    { name: 'product', files: ['src/**/*.test.ts', 'test/contracts/*.test.ts'], except: DYNAMODB },
    { name: 'stand-ins', files: ['simulators/**/*.test.ts'] },
    { name: 'DynamoDB', files: DYNAMODB },
  ],
  okta: [
    { name: 'Okta set up', files: ['test/okta/*.test.ts'], except: ['test/okta/doctor*.test.ts'] },
    { name: 'doctor', files: ['test/okta/doctor*.test.ts'] },
  ],
  console: [{ name: 'console in a browser', files: ['test/console/*.test.ts'] }],
  package: [{ name: 'installed package', files: ['test/package/*.test.ts'], processes: 1 }],
  bench: [{ name: 'bench', files: BENCH }],
  aws: [{ name: 'deployed', files: ['test/aws/*.test.ts'], processes: 1 }],
}

/** For two cores: journeys and programs wait for other processes a third of their time. */
const LANES = 3
/** Of suites whose tests start many processes at once, some with time limits of their own. */
const LANES_OF_PROCESSES = 2

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SAME_INPUTS = new URL('support/same-inputs.ts', import.meta.url).href

export function filesOf({ files, except = [] }: Group): readonly string[] {
  return globSync([...files], { cwd: ROOT, exclude: [...except] }).sort()
}

type Ran = {
  readonly name: string
  readonly isGood: boolean
  readonly output: string
  readonly seconds: number
}

type Options = {
  /** Groups at the same time. */
  readonly lanes: number
  /** Runs only files whose name, or whose group, contains one of them. Default: all. */
  readonly words: readonly string[]
  /** Of `node --test`. */
  readonly options: readonly string[]
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
}

async function runGroup(group: Group, { words, options, env }: Options): Promise<Ran | undefined> {
  const files = filesOf(group).filter(
    file => words.length === 0 || words.some(word => file.includes(word) || group.name.includes(word)),
  )
  if (files.length === 0) return undefined
  const began = performance.now()
  const isolation =
    group.processes === undefined
      ? ['--test-isolation=none', `--import=${SAME_INPUTS}`]
      : [`--test-concurrency=${group.processes}`]
  // A file without a matching test has started what its hooks would end.
  const isPartial = options.some(option => option.startsWith('--test-name-pattern'))
  const arguments_ = isPartial ? [...options, '--test-force-exit'] : options
  const child = spawn(process.execPath, ['--test', ...isolation, ...arguments_, ...files], {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const stop = (): void => void child.kill('SIGTERM')
  process.once('exit', stop)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.off('exit', stop)
  return { name: group.name, isGood: code === 0, output, seconds: (performance.now() - began) / 1000 }
}

/** Prints every group's output as soon as it has ended, then a line for each group. The exit code is 1 if a test failed. */
export async function runGroups(groups: readonly Group[], options: Options): Promise<void> {
  const { words } = options
  const waiting = groups.values()
  const ran: Ran[] = []
  const lane = async (): Promise<void> => {
    for (const group of waiting) {
      const one = await runGroup(group, options)
      if (one === undefined) continue
      ran.push(one)
      process.stdout.write(`==> ${one.name}\n${one.output}\n`)
    }
  }
  await Promise.all(Array.from({ length: options.lanes }, lane))

  const count = (output: string, word: string): number =>
    Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  const total = (word: string): number => ran.reduce((sum, { output }) => sum + count(output, word), 0)
  for (const { name, isGood, output, seconds } of ran) {
    const tests = String(count(output, 'tests')).padStart(5)
    process.stdout.write(
      `${isGood ? '✔' : '✖'} ${tests} tests in ${seconds.toFixed(1).padStart(5)} s  ${name}\n`,
    )
  }
  const failed = total('fail') + total('cancelled')
  process.stdout.write(`${total('pass')} passed, ${failed} failed, ${total('skipped')} skipped\n`)
  if (ran.length === 0) process.stderr.write(`No group or test file has ${words.join(' or ')} in its name.\n`)
  process.exitCode = ran.length > 0 && ran.every(({ isGood }) => isGood) ? 0 : 1
}

async function main(args: readonly string[]): Promise<void> {
  const other = args.findIndex(arg => !Object.hasOwn(SUITES, arg))
  const suites = other < 0 ? args : args.slice(0, other)
  const rest = args.slice(suites.length)
  await runGroups(
    (suites.length === 0 ? ['fast'] : suites).flatMap(name => SUITES[name] ?? []),
    {
      lanes: suites.length === 0 || suites.includes('fast') ? LANES : LANES_OF_PROCESSES,
      words: rest.filter(arg => !arg.startsWith('-')),
      options: rest.filter(arg => arg.startsWith('-')),
    },
  )
}

if (import.meta.main) {
  // A run that is ended from outside ends its child processes.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  await main(process.argv.slice(2))
}
