import assert from 'node:assert/strict'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { deployCommand } from '../../src/cli/deploy/deploy.ts'
import { destroyCommand } from '../../src/cli/deploy/destroy.ts'
import type { BuiltTemplate } from '../../src/cli/terminal/cloud.ts'
import { createCloudAccess } from '../../src/main/commands/cloud-access.ts'
import { readPackage } from '../../src/main/package.ts'
import { noTerminal, runCommand } from '../fixtures/commands.ts'
import { NOW } from '../fixtures/planning.ts'
import { smallSecondRegion, smallTemplate } from '../fixtures/small-template.ts'
import type { AwsAccountOptions } from '../world/aws-account.ts'
import { type AwsWorld, startWorld } from '../world/world.ts'

/** The options of `deploy` about Okta. */
export const OKTA: readonly string[] = [
  ['--issuer', 'https://example.okta.com/oauth2/aus1'],
  ['--audience', 'api://hookline'],
  ['--client-id', '0oa1'],
  ['--scope', 'telephony.send'],
].flat()

type With = {
  readonly release?: string
  readonly answers?: readonly string[]
  /** The template. Default: the small template of the release. */
  readonly built?: BuiltTemplate
  /** The version of Hookline that deploys. Default: this one. */
  readonly version?: string
}

type Ran = {
  readonly text: string
  readonly problem: Error | undefined
  readonly exitCode: number
  readonly asked: readonly string[]
}

/** Runs the commands in this process, with prepared answers at the terminal and without pauses. */
export type Deploying = AwsWorld & {
  readonly deploy: (args?: readonly string[], more?: With) => Promise<Ran>
  readonly destroy: (args?: readonly string[], answers?: readonly string[]) => Promise<Ran>
  /** Dates everything from now on this long ago. */
  readonly setAge: (ms: number) => void
}

/** AWS's SDK and HTTP are real; the template is small. */
export async function startDeploying(
  options: Pick<AwsAccountOptions, 'stepsAtOnce'> = {},
): Promise<Deploying> {
  let ageMs = 0
  const world = await startWorld({
    hook: 'none',
    aws: { now: () => new Date(NOW - ageMs), ...options },
  })
  const { aws } = world
  const before = { ...process.env }
  Object.assign(process.env, aws.env)

  async function run(add: typeof deployCommand, args: readonly string[], more: With): Promise<Ran> {
    const { release = 'r1', answers = ['yes'], built, version = readPackage().version } = more
    const asked: string[] = []
    const cloud = {
      ...createCloudAccess(process.env, noTerminal),
      version,
      buildTemplate: async () =>
        built ?? {
          release,
          template: Buffer.from(smallTemplate(release, version)),
          secondRegion: smallSecondRegion(),
          archives: new Map([['hook.zip', Buffer.from(`zip of ${release}`)]]),
        },
      isAtTerminal: true,
      ask: async (question: string) => {
        const answer = answers[asked.push(question) - 1]
        return answer ?? assert.fail(`no prepared answer for: ${question}`)
      },
    }
    const { printed, problem, exitCode } = await runCommand(
      (program, context) => add(program, { ...context, cloud }),
      createMemoryStore(() => NOW),
      args,
    )
    return { text: printed.join('\n'), problem, exitCode, asked }
  }

  return {
    ...world,
    deploy: (args = OKTA, more = {}) => run(deployCommand, ['deploy', ...args], more),
    destroy: (args = [], answers = ['hookline']) => run(destroyCommand, ['destroy', ...args], { answers }),
    setAge: ms => {
      ageMs = ms
    },
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]()
      for (const name of Object.keys(aws.env)) delete process.env[name]
      Object.assign(process.env, before)
    },
  }
}
