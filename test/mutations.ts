import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { seededRandom } from '../simulators/aws/end-user-messaging/seeded-random.ts'
import { shuffled } from './chaos/seed.ts'

/**
 * Changes one token of the product at a time, in a clone of the last commit, and checks whether a command fails. With
 * the same seed, two versions of the tests can be compared by the mutations that they find.
 *
 * node test/mutations.ts --seed 7 --count 30 [--files 'src/core/**'] [--commit HEAD] [-- npx node test/run.ts product]
 */
const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    count: { type: 'string', default: '30' },
    commit: { type: 'string', default: 'HEAD' },
    files: { type: 'string', default: ['src/core/**'], multiple: true },
  },
  allowPositionals: true,
})
const command = positionals.length > 0 ? positionals : ['npx', 'node', 'test/run.ts', 'product', 'journeys']

/**
 * The replacement of each token. Mutations of types and comments do not compile or change nothing, and are counted as
 * such.
 */
const CHANGES: readonly (readonly [token: RegExp, instead: string])[] = [
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ < (?=[a-z0-9])/g, ' <= '],
  [/ >= /g, ' > '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \?\? /g, ' && '],
  [/ \+ /g, ' - '],
  [/\btrue\b/g, 'false'],
  [/\bsome\(/g, 'every('],
  [/(?<=return )undefined\b/g, 'null as never'],
  [/ if \((?=\w)/g, ' if (!'],
]

type Mutation = {
  readonly file: string
  readonly line: number
  readonly from: string
  readonly to: string
  readonly text: string
}

function mutationsOf(root: string): readonly Mutation[] {
  return globSync(values.files, { cwd: root })
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .flatMap(file => {
      const source = readFileSync(join(root, file), 'utf8')
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, comment => comment.replace(/[^\n]/g, '\0'))
      return CHANGES.flatMap(([token, instead]) =>
        [...code.matchAll(token)].map(({ index, 0: from }) => ({
          file,
          line: source.slice(0, index).split('\n').length,
          from: from.trim(),
          to: instead.trim(),
          text: source.slice(0, index) + instead + source.slice(index + from.length),
        })),
      )
    })
}

const root = mkdtempSync(join(tmpdir(), 'hookline-mutations-'))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const here = fileURLToPath(new URL('..', import.meta.url))
spawnSync('git', ['clone', '-q', here, root])
spawnSync('git', ['checkout', '-q', values.commit], { cwd: root })
symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'))

/** Not `spawnSync`, during which no signal would be handled. */
const survives = async (): Promise<boolean> => {
  const options = { cwd: root, stdio: 'ignore', timeout: 300_000 } as const
  const [code] = await once(spawn(command[0] ?? '', command.slice(1), options), 'exit')
  return code === 0
}
if (!(await survives())) throw new Error(`Without any change, this fails already: ${command.join(' ')}`)

const chosen = shuffled(mutationsOf(root), seededRandom(Number(values.seed))).slice(0, Number(values.count))
let killed = 0
for (const { file, line, from, to, text } of chosen) {
  const before = readFileSync(join(root, file), 'utf8')
  writeFileSync(join(root, file), text)
  const isKilled = !(await survives())
  writeFileSync(join(root, file), before)
  if (isKilled) killed += 1
  console.log(`${isKilled ? 'killed  ' : 'SURVIVES'}  ${file}:${line}  ${from}  became  ${to}`)
}
console.log(`${killed} of ${chosen.length} killed (seed ${values.seed}).`)
