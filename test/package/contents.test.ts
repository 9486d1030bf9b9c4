import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Metafile } from 'esbuild'
import { bundledPackages, purl } from '../../tools/build/bundled-packages.ts'
import { repository } from '../../tools/build/package-plugins.ts'
import { cycloneDxProblems } from '../support/cyclonedx.ts'
import { installPackage } from './installed.ts'

test('the package needs no other package, names its oldest Node, and says nothing of the machine that built it', async () => {
  using installed = await installPackage(process.execPath)
  const own = JSON.parse(readFileSync(installed.path('package.json'), 'utf8'))
  assert.deepEqual(
    [own.dependencies, own.optionalDependencies, own.scripts],
    [undefined, undefined, undefined],
  )
  assert.equal(own.engines.node, '>=22.13')
  const files = globSync('**/*.{js,json,txt,md,yaml}', { cwd: installed.path() })
  assert.ok(files.length > 100)
  for (const file of files) {
    assert.ok(!readFileSync(installed.path(file), 'utf8').includes(repository), file)
  }
})

test('the bill of materials and the page of licences name the same libraries, those of the stand-ins too', async () => {
  using installed = await installPackage(process.execPath)
  const bill = JSON.parse(readFileSync(installed.path('sbom.cdx.json'), 'utf8'))
  const page = readFileSync(installed.path('THIRD-PARTY-LICENCES.txt'), 'utf8')
  assert.deepEqual([bill.bomFormat, bill.specVersion, bill.version], ['CycloneDX', '1.6', 1])
  assert.deepEqual(await cycloneDxProblems(bill), [])
  const refs: string[] = []
  for (const { type, group, name, version, licenses, hashes, purl: ref, 'bom-ref': own } of bill.components) {
    const whole = group === undefined ? name : `${group}/${name}`
    assert.equal(ref, purl({ name: whole, version }))
    assert.equal(own, ref)
    assert.equal(type, 'library')
    assert.match(hashes[0].content, /^[0-9a-f]{128}$/)
    assert.ok(page.includes(`${whole} ${version} (${licenses[0].license.id})\n`), whole)
    refs.push(ref)
  }
  assert.deepEqual(new Set(refs).size, refs.length)
  assert.deepEqual(bill.dependencies[0].dependsOn, refs)
  for (const name of ['oidc-provider', 'koa', 'hono', 'zod', 'commander', 'libphonenumber-js']) {
    assert.ok(
      refs.some(ref => ref.startsWith(`pkg:npm/${name}@`)),
      name,
    )
  }
  assert.ok(!refs.some(ref => /okta|rasha|eckles|aws-cdk|esbuild/.test(ref)))
})

test('a library under a copyleft licence stops the build', () => {
  const input = 'node_modules/rasha/index.js' // MPL-2.0, which only a development dependency brings
  assert.match(readFileSync(join(repository, 'node_modules/rasha/package.json'), 'utf8'), /"MPL-2\.0"/)
  const output = { bytes: 1, imports: [], exports: [], inputs: { [input]: { bytesInOutput: 1 } } }
  const metafile: Metafile = { inputs: {}, outputs: { 'a.js': output } }
  assert.throws(
    () => bundledPackages([metafile], '22.13'),
    /^Error: Licences that are not.*\nrasha \S+: MPL-2\.0$/,
  )
})
