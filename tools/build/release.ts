import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './package-plugins.ts'
import { releaseProblems, tagOf } from './release-problems.ts'

/**
 * `npm run release`: builds a release twice, to check that equal sources give equal bytes; tests the package in an
 * empty folder; writes the checksums; and prints how to tag it. It does not tag or upload anything. See
 * docs/releasing.md.
 */
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  readonly version: string
}
const ARTEFACTS = [
  `hookline-${version}.tgz`,
  'package/sbom.cdx.json',
  'package/THIRD-PARTY-LICENCES.txt',
  'hookline.template.yaml',
  'second-region.template.yaml',
  'functions/authorizer.zip',
  'functions/hook.zip',
  'functions/one-function.zip',
  'functions/receipts.zip',
  'functions/events.zip',
  'functions/figures.zip',
]

const problems = releaseProblems({
  version,
  changelog: readFileSync(join(repository, 'CHANGELOG.md'), 'utf8'),
  tags: git('tag', '--list').split('\n'),
  changes: git('status', '--porcelain'),
})
if (problems.length > 0) {
  print(`Version ${version} cannot be released:\n\n${problems.join('\n')}`)
  process.exitCode = 2
} else release()

function release(): void {
  run('tools/build/build.ts')
  const first = checksums()
  run('tools/build/build.ts')
  const second = checksums()
  if (first !== second) throw new Error(`Two builds of the same sources differ:\n${first}\n${second}`)
  run('test/run.ts', 'package')
  writeFileSync(join(repository, 'dist', 'SHA256SUMS'), second)
  print(`${second}
Version ${version} is built, the same twice, and tested in an empty folder. Nothing is tagged or uploaded. Next (docs/releasing.md):

  git tag --sign ${tagOf(version)} --message 'Hookline ${version}' ${git('rev-parse', 'HEAD').trim()}
  git push origin ${tagOf(version)}
  npm publish dist/hookline-${version}.tgz`)
}

/** In the format of `sha256sum --check`, for files in `dist/`. */
function checksums(): string {
  const lines = ARTEFACTS.map(path => {
    const bytes = readFileSync(join(repository, 'dist', path))
    return `${createHash('sha256').update(bytes).digest('hex')}  ${path}\n`
  })
  return lines.join('')
}

function run(program: string, ...args: readonly string[]): void {
  print(`==> ${[program, ...args].join(' ')}`)
  execFileSync(process.execPath, [join(repository, program), ...args], { cwd: repository, stdio: 'inherit' })
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' })
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
