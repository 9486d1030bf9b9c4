import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, BootstraplessSynthesizer, type IStackSynthesizer, Stack, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { defineSecondRegion } from '../second-region.ts'
import { defineHookline } from '../stack.ts'

/**
 * The template as an object. It depends only on the release, a hash of the functions' archives, and on the version in
 * package.json. Offline. Throws with the findings of cdk-nag and CloudFormation's own validation that are not acknowledged.
 */
export function synthesize(release: string): object {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
  return synthesizeStack(stack => defineHookline(stack, release, version))
}

/** The small stack of the second region, with the same checks. */
export function synthesizeSecondRegion(): object {
  return synthesizeStack(defineSecondRegion)
}

/** The template of any stack, with the same checks. @internal */
export function synthesizeStack(define: (stack: Stack) => void): object {
  const outdir = mkdtempSync(join(tmpdir(), 'hookline-template-'))
  try {
    const app = new App({ outdir, analyticsReporting: false, treeMetadata: false, postCliContext: CONTEXT })
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    const stack = new Stack(app, 'Hookline', {
      description: "Hookline: Okta's one-time codes by text and call over AWS End User Messaging.",
      // The template needs no bootstrapped bucket or role, and no other files.
      // The cast is needed because one optional property has a wider type than in the interface.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    })
    define(stack)
    return app.synth().getStackArtifact(stack.artifactId).template
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

const CONTEXT = {
  // Throws the report instead of printing it and setting an exit code.
  '@aws-cdk/core:appMode': 'inmemory',
  // Errors and warnings of CloudFormation's validation count like those of cdk-nag.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:strictCfnValidateErrors': true,
}
