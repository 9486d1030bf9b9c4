import { Spec, Validation } from '@cyclonedx/cyclonedx-library'

/**
 * What CycloneDX's own JSON schema (1.6, strict: no property that it does not name) says against a bill of materials; empty
 * if it is valid. The schema comes with CycloneDX's library.
 */
export async function cycloneDxProblems(bill: object): Promise<readonly string[]> {
  const problems = (await validator.validate(JSON.stringify(bill))) as readonly Problem[] | null
  return (problems ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)

type Problem = { readonly instancePath: string; readonly message: string }
