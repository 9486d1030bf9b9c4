import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { OLDEST_NODE } from './bundle-package.ts'
import { canBuildImage } from './can-build-image.ts'
import { repository } from './package-plugins.ts'
import { releaseProblems, tagOf } from './release-problems.ts'

/**
 * `npm run release`: builds a release twice, to check that equal sources give equal bytes; tests what was built; collects
 * the files with their checksums in `dist/release/`; and prints how to tag it. It does not tag or upload anything.
 * `--without-image`: for machines that cannot build an image. See docs/releasing.md.
 */
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  readonly version: string
}
const withImage = !process.argv.includes('--without-image')
const FILES = [
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
  'functions/canary.zip',
]

const problems = releaseProblems({
  version,
  changelog: readFileSync(join(repository, 'CHANGELOG.md'), 'utf8'),
  tags: git('tag', '--list').split('\n'),
  changes: git('status', '--porcelain'),
  isRecorded: existsSync(join(repository, 'test', 'released', version)),
  canCheckImage: !withImage || canBuildImage(),
})
if (problems.length > 0) {
  print(`Version ${version} cannot be released:\n\n${problems.join('\n\n')}`)
  process.exitCode = 2
} else release()

function release(): void {
  title('Build, once')
  run('tools/build/build.ts')
  const first = FILES.map(digestOf)
  title('Build, again: the bytes must be the same')
  run('tools/build/build.ts')
  for (const [index, file] of FILES.entries())
    if (digestOf(file) !== first[index])
      throw new Error(`dist/${file}: two builds of the same sources differ`)
  title(`Test that test/released/${version} is what this version stores`)
  run('test/run.ts', 'released.test.ts')
  title(`Test the package: installed in an empty folder${withImage ? '; and the image' : ''}`)
  run('test/run.ts', 'package', ...(withImage ? [] : ['contents', 'installed', 'store-contract']))
  const sums = collect()
  print(`
Hookline ${version}, commit ${commit()}. In dist/release:

${sums}
  ✓ two builds have the same bytes
  ✓ stores: those of every release are read, and test/released/${version} is what this version writes
  ✓ package: needs no other one; every command runs on Node ${process.versions.node} and Node ${OLDEST_NODE}
  ✓ template and functions: those in the package; deploy --dry-run shows them, start --aws runs them
  ✓ bill of materials: valid by CycloneDX's schema, and every library is under an allowed licence
  ${withImage ? '✓ image: built, started read-only and not as root, and healthy' : '✗ image: NOT checked (--without-image)'}

Nothing is tagged or uploaded. Next (docs/releasing.md):

  git tag --sign ${tagOf(version)} --message 'Hookline ${version}' ${commit()}
  git push origin ${tagOf(version)}
  npm publish dist/release/hookline-${version}.tgz`)
}

/** All files in one folder, because those of a release page have no folders. The checksums, as `sha256sum --check` reads them. */
function collect(): string {
  const folder = join(repository, 'dist', 'release')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const file of FILES) copyFileSync(join(repository, 'dist', file), join(folder, basename(file)))
  const sums = FILES.map(file => `${digestOf(file)}  ${basename(file)}\n`).join('')
  writeFileSync(join(folder, 'SHA256SUMS'), sums)
  return sums
}

function digestOf(file: string): string {
  return createHash('sha256')
    .update(readFileSync(join(repository, 'dist', file)))
    .digest('hex')
}

function commit(): string {
  return git('rev-parse', 'HEAD').trim()
}

function run(program: string, ...args: readonly string[]): void {
  const env = { ...process.env, ...(withImage && { HOOKLINE_REQUIRE_BUILDAH: '1' }) }
  execFileSync(process.execPath, [join(repository, program), ...args], {
    cwd: repository,
    env,
    stdio: 'inherit',
  })
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' })
}

function title(text: string): void {
  print(`\n==> ${text}`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
