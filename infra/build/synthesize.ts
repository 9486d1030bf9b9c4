import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, BootstraplessSynthesizer, type IStackSynthesizer, Stack, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { defineSecondRegion } from '../second-region.ts'
import { defineHookline } from '../stack.ts'

/**
 * The template as an object, the same for the same release: a hash of the functions' archives. Offline. Throws
 * with the findings when cdk-nag or CloudFormation's own validation finds what nobody has acknowledged.
 */
export function synthesize(release: string): object {
  return synthesizeStack(stack => defineHookline(stack, release))
}

/** The small stack of the second region, through the same gate. */
export function synthesizeSecondRegion(): object {
  return synthesizeStack(defineSecondRegion)
}

/** The same gate for any stack. @internal */
export function synthesizeStack(define: (stack: Stack) => void): object {
  const outdir = mkdtempSync(join(tmpdir(), 'hookline-template-'))
  try {
    const app = new App({ outdir, analyticsReporting: false, treeMetadata: false, postCliContext: CONTEXT })
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    const stack = new Stack(app, 'Hookline', {
      description: "Hookline: Okta's one-time codes by text and voice over AWS End User Messaging.",
      // The template stands alone: no bootstrapped bucket or role, no files beside it.
      // (The cast: its optional property is typed a little wider than the interface's.)
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    })
    define(stack)
    return app.synth().getStackArtifact(stack.artifactId).template
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

const CONTEXT = {
  // The report is thrown to us, instead of printed and left as an exit code.
  '@aws-cdk/core:appMode': 'inmemory',
  // Errors and warnings of CloudFormation's validation count as much as those of cdk-nag.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:strictCfnValidateErrors': true,
}
