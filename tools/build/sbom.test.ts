import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cycloneDxProblems } from '../../test/support/cyclonedx.ts'
import type { BundledPackage } from './bundled-packages.ts'
import { billOfMaterials } from './sbom.ts'

const product = { name: 'hookline', version: '1.2.3', description: 'A product.' }
const library: BundledPackage = {
  ...{ name: 'hono', version: '4.0.0', licence: 'MIT', author: 'Somebody', engine: '>=20', texts: ['MIT'] },
  sha512: 'a1'.repeat(64),
}

describe('the bill of materials', () => {
  it("is valid by CycloneDX's own schema, with libraries of a scope and without one", async () => {
    const bill = billOfMaterials(product, [library, { ...library, name: '@hono/node-server' }])
    assert.deepEqual(await cycloneDxProblems(bill), [])
  })

  for (const [what, changed] of [
    ['a licence that SPDX does not know', { licence: 'Mine-1.0' }],
    ['a digest that is none', { sha512: 'not hexadecimal' }],
  ] as const) {
    it(`is not valid with ${what}: the schema is really applied`, async () => {
      const problems = await cycloneDxProblems(billOfMaterials(product, [{ ...library, ...changed }]))
      assert.ok(problems.length > 0)
    })
  }

  it('is not valid with a property that CycloneDX does not have, or with the same library twice', async () => {
    const bill = billOfMaterials(product, [library])
    assert.ok((await cycloneDxProblems({ ...bill, licence: 'MIT' })).length > 0)
    assert.ok((await cycloneDxProblems(billOfMaterials(product, [library, library]))).length > 0)
  })
})
