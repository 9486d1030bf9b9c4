import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuiltTemplate } from '../../cli/terminal/cloud.ts'
import type { Environment } from '../../config/environment.ts'
import { inheritedEnvironment } from '../environment.ts'

/** Runs `npm run template` as a program of its own, and reads what it made in `dist/`. */
export async function buildTemplate(environment: Environment): Promise<BuiltTemplate> {
  await new Promise<void>((resolve, reject) => {
    execFile(
      process.execPath,
      [pathOf('infra/build/template.ts')],
      { cwd: pathOf('.'), env: inheritedEnvironment(environment) },
      (error, stdout, stderr) => {
        if (error === null) resolve()
        else
          reject(
            new Error(`The template could not be built:\n${`${stdout}\n${stderr}`.trim().slice(-4_000)}`),
          )
      },
    )
  })
  const { release, archives } = JSON.parse(await readFile(pathOf('dist/release.json'), 'utf8')) as {
    readonly release: string
    readonly archives: readonly string[]
  }
  const contents = archives.map(async path => {
    const name = basename(path)
    return [name, await readFile(pathOf(`dist/functions/${name}`))] as const
  })
  return {
    release,
    template: await readFile(pathOf('dist/hookline.template.yaml')),
    secondRegion: await readFile(pathOf('dist/second-region.template.yaml'), 'utf8'),
    archives: new Map(await Promise.all(contents)),
  }
}

function pathOf(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url))
}
