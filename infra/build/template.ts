import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { bundle } from './bundle.ts'
import { synthesize, synthesizeSecondRegion } from './synthesize.ts'

/**
 * `npm run template`: writes the functions' archives and one self-contained template to `dist/`. Upload the archives to
 * a bucket as `hookline/<release>/<name>.zip`, and set the parameter CodeBucket to its name.
 */
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

const { release, bundles } = await bundle()
for (const { name, bytes, zip } of bundles) {
  print(`dist/functions/${name}.zip  ${kilobytes(zip.length)} (${kilobytes(bytes)} unpacked)`)
}
const template = yamlOf(synthesize(release))
const secondRegion = yamlOf(synthesizeSecondRegion())
writeFileSync(`${DIST}hookline.template.yaml`, template)
writeFileSync(`${DIST}second-region.template.yaml`, secondRegion)
writeFileSync(
  `${DIST}release.json`,
  `${JSON.stringify({ release, archives: bundles.map(({ name }) => `${name}.zip`) })}\n`,
)
print(`dist/hookline.template.yaml  ${kilobytes(template.length)}; release ${release}`)
print(`dist/second-region.template.yaml  ${kilobytes(secondRegion.length)}; for a second region`)

function yamlOf(value: object): string {
  // YAML 1.1, as AWS reads it: there `off` is a boolean unless it is quoted.
  return stringify(value, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 })
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1_000)} KB`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
