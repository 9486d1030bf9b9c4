import { type BundledPackage, purl } from './bundled-packages.ts'

/**
 * The bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): Hookline and every library that is bundled.
 * Without a time and a serial number, so that equal sources give equal bytes.
 */
export function billOfMaterials(
  product: { readonly name: string; readonly version: string; readonly description: string },
  packages: readonly BundledPackage[],
): object {
  const own = purl(product)
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: product.name,
        version: product.version,
        description: product.description,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        purl: own,
      },
    },
    components: packages.map(one => {
      const [scope, short] = one.name.startsWith('@') ? one.name.split('/') : [undefined, one.name]
      return {
        type: 'library',
        'bom-ref': purl(one),
        ...(scope !== undefined && { group: scope }),
        name: short,
        version: one.version,
        hashes: [{ alg: 'SHA-512', content: one.sha512 }],
        licenses: [{ license: { id: one.licence } }],
        purl: purl(one),
      }
    }),
    dependencies: [{ ref: own, dependsOn: packages.map(purl) }],
  }
}
