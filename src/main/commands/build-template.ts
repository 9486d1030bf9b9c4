import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuiltTemplate } from '../../cli/terminal/cloud.ts'
import type { Environment } from '../../config/environment.ts'
import { inheritedEnvironment } from '../environment.ts'

/**
 * The template with its archives. A clone builds them with `npm run template` in a separate process; an installed
 * package contains those of its release.
 */
export async function buildTemplate(environment: Environment): Promise<BuiltTemplate> {
  const files = await makeRelease(environment)
  const { release, archives } = JSON.parse(await readFile(pathOf('dist/release.json'), 'utf8')) as {
    readonly release: string
    readonly archives: readonly string[]
  }
  const contents = archives.map(async path => {
    const name = basename(path)
    return [name, await readFile(join(files.archives, name))] as const
  })
  return {
    release,
    template: await readFile(files.template),
    secondRegion: await readFile(pathOf('dist/second-region.template.yaml'), 'utf8'),
    archives: new Map(await Promise.all(contents)),
  }
}

/** The files of the release: built from the sources of a clone, which is said by `onBuild`, or those of the package. */
export async function makeRelease(
  environment: Environment,
  onBuild: () => void = () => undefined,
): Promise<{ readonly template: string; readonly archives: string }> {
  if (existsSync(TEMPLATE_PROGRAM)) {
    onBuild()
    await runTemplateProgram(environment)
  }
  return { template: pathOf('dist/hookline.template.yaml'), archives: pathOf('dist/functions') }
}

function runTemplateProgram(environment: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { cwd: pathOf('.'), env: inheritedEnvironment(environment) }
    execFile(process.execPath, [TEMPLATE_PROGRAM], options, (error, stdout, stderr) => {
      if (error === null) resolve()
      else {
        const output = `${stdout}\n${stderr}`.trim().slice(-4_000)
        reject(new Error(`The template could not be built:\n${output}`))
      }
    })
  })
}

function pathOf(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url))
}

const TEMPLATE_PROGRAM = fileURLToPath(new URL('../../../infra/build/template.ts', import.meta.url))
