import { acknowledged } from '../parts/findings.ts'
import { synthesize } from './synthesize.ts'

/**
 * `npm run synth`: checks the template with cdk-nag (AwsSolutions) and the CDK's own validation, and throws on findings.
 * Offline; writes nothing. `npm run template` writes the template and the functions.
 */
const { Resources, Parameters } = synthesize('synth') as Readonly<Record<'Resources' | 'Parameters', object>>
print(
  `Clean: ${count(Resources)} resources, ${count(Parameters)} parameters. Accepted findings, each with its reason:`,
)
for (const [where, findings] of Object.entries(acknowledged)) {
  for (const [rule, reason] of Object.entries(findings)) print(`  ${where}  ${rule}\n    ${reason}`)
}

function count(object: object): number {
  return Object.keys(object).length
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
