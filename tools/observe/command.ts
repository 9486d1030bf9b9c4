import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import {
  addCredentialOptions,
  type CredentialOptions,
  readOrgUrl,
  withOkta,
} from '../../src/cli/okta/credential.ts'
import { readHookUrl } from '../../src/cli/okta/reach.ts'
import { writeOwnFile } from '../../src/cli/terminal/files.ts'
import { Problem } from '../../src/cli/terminal/problem.ts'
import { messageOf } from '../../src/core/values/printable.ts'
import type { OktaApi } from '../../src/okta/setup/okta-api.ts'
import type { ObserveContext, ObservedServer } from './access.ts'
import { createObservation, type Observation } from './observation.ts'
import { waitForHook } from './prepare.ts'
import { describeSeen, type StepSeen } from './report.ts'
import { type Step, steps } from './steps.ts'
import { walk } from './walk.ts'

type Options = CredentialOptions & { readonly url: string; readonly out: string; readonly steps?: string }

/** `npm run observe`: learns from a few sign-ins what only a real org can show. */
export function observeCommand(command: Command, context: ObserveContext): void {
  command
    .requiredOption('--org <url>', 'the org: https://example.okta.com')
    .requiredOption('--url <url>', 'address at which Okta reaches this machine: https://example.com/mfa')
  addCredentialOptions(command)
    .option('--out <file>', 'the report', 'hookline-observation.md')
    .option('--steps <names>', `steps, separated by commas (default: ${NAMES.join(',')})`)
    .action((options: Options) => observe(context, options))
}

async function observe(context: ObserveContext, options: Options): Promise<void> {
  const { out } = options
  const chosen = readSteps(options.steps)
  const url = readHookUrl(options.url, readOrgUrl(options.org))
  if (existsSync(out)) {
    throw new Problem('usage', `--out is "${out}", which already exists. Move it, or name another file.`)
  }
  if (!context.okta.isAtTerminal) {
    throw new Problem(
      'usage',
      'observe asks you to sign in and what happened, so it needs a terminal, and this is not one. Start it in a terminal.',
    )
  }
  const observation = createObservation()
  const server = await context.observe.start(observation)
  try {
    await withOkta(context, options, ['okta.inlineHooks.manage', 'okta.logs.read'], async api => {
      const isReady = await waitForHook({ context, api, server, observation, url })
      if (isReady) await goThrough({ context, api, server, observation, chosen, out })
    })
  } finally {
    await server.close()
  }
}

type Run = {
  readonly context: ObserveContext
  readonly api: OktaApi
  readonly server: ObservedServer
  readonly observation: Observation
  readonly chosen: readonly Step[]
  readonly out: string
}

async function goThrough({ context, api, server, observation, chosen, out }: Run): Promise<void> {
  const seen: StepSeen[] = []
  let isWhole = false
  try {
    isWhole = await walk({ context, api, server, observation, add: one => void seen.push(one) }, chosen)
  } finally {
    const calls = observation.calls()
    if (seen.length > 0 || calls.length > 0) {
      const version = context.observe.version()
      await write(context, out, describeSeen({ version, at: context.now(), steps: seen, calls, isWhole }))
    } else context.print('\nNothing was observed, so no report is written.')
    context.print(AFTERWARDS)
  }
}

async function write(context: ObserveContext, out: string, report: string): Promise<void> {
  try {
    await writeOwnFile(out, report, 'wx')
    context.print(`\n✓ written       ${out}: read it, then attach it to an issue of Hookline.`)
  } catch (error) {
    context.print(`\n${messageOf(error)}. This is the report:\n\n${report}`)
  }
}

function readSteps(text: string | undefined): readonly Step[] {
  if (text === undefined) return steps
  const asked = text.split(',').map(name => name.trim())
  const unknown = asked.find(name => !NAMES.some(known => known === name))
  if (unknown !== undefined) {
    throw new Problem('usage', `--steps has "${unknown}"; expected ${NAMES.join(', ')}, separated by commas.`)
  }
  return steps.filter(({ name }) => asked.includes(name))
}

const NAMES = steps.map(({ name }) => name)

const AFTERWARDS = `
This server stops now, but Okta's hook still calls it. Run \`npx hookline serve\` in its place, or remove the hook:
npx hookline okta teardown`
