import type { Command } from 'commander'
import {
  type CanaryParts,
  type CanaryResult,
  type CanaryStep,
  runCanary,
} from '../../advice/canary/canary.ts'
import {
  isSimulatorCountry,
  type SimulatorCountry,
  simulatorCountries,
} from '../../core/values/simulator-numbers.ts'
import type { Context } from '../terminal/context.ts'
import { readNumber, readRegion } from '../terminal/option-values.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { wrap, wrappedTable } from '../terminal/table.ts'

export type CanaryContext = Context & {
  /** Prepares a canary by the settings. Rejects with a problem that a person can act on. Close it after use. */
  readonly openCanary: (target: CanaryTarget) => Promise<OpenCanary>
}

export type CanaryTarget = {
  /** The deployment on AWS. Default: the server of the settings. */
  readonly stack: string | undefined
  readonly region: string | undefined
  /** The address of the hook. Default: that of the settings. */
  readonly url: string | undefined
  /** Default: that of the settings, else US. */
  readonly country: SimulatorCountry | undefined
  readonly receiptMs: number
}

export type OpenCanary = {
  readonly country: SimulatorCountry
  readonly parts: CanaryParts
  readonly close: () => Promise<void>
}

type Options = {
  readonly stack?: string
  readonly region?: string
  readonly url?: string
  readonly country?: string
  readonly wait: string
  readonly json?: boolean
}

/** `hookline canary`: one code of Hookline's own to AWS's simulator, through the deployment as it runs. */
export function canaryCommand(command: Command, context: CanaryContext): void {
  command
    .option(
      '--url <url>',
      'address of the hook (default: HOOKLINE_CANARY_URL, else that of `serve` on this machine)',
    )
    .option(
      '--country <country>',
      `country of AWS's simulator, which needs a route: ${simulatorCountries.join(', ')} (default: HOOKLINE_CANARY, else US)`,
    )
    .option('--wait <seconds>', 'how long to wait for the receipt at most; 0 does not wait', '180')
    .option('--stack <name>', 'deployment on AWS: have its function send the canary, with your credentials')
    .option('--region <region>', "with --stack: AWS region (default: AWS_REGION, else the profile's region)")
    .option('--json', 'print JSON, for programs')
    .action(async ({ url, country, wait, stack, region, json }: Options) => {
      if (stack !== undefined && url !== undefined)
        throw new Problem('usage', 'With --stack, the address of the hook is known. Leave out --url.')
      const target = {
        stack,
        region: readRegion(region),
        url,
        country: readSimulatorCountry(country),
        receiptMs: readNumber('--wait', wait, { min: 0, max: 3_600 }) * 1_000,
      }
      const canary = await context.openCanary(target)
      const result = await followed(context, canary).finally(canary.close)
      if (result.failed !== undefined) context.endWith(exitCodes.notSent)
      const { failed = null, deliveryId = null } = result
      context.print(
        json ? JSON.stringify({ ...result, failed, deliveryId }, undefined, 2) : describe(result, canary),
      )
    })
}

/** Says every two seconds which step is still going on. */
async function followed({ progress, now }: CanaryContext, { parts }: OpenCanary): Promise<CanaryResult> {
  const ended: CanaryStep[] = []
  const doing = (): string =>
    `waiting; passed so far: ${ended.map(({ step }) => step).join(', ') || 'nothing'}`
  const report = (step: CanaryStep): void => void ended.push(step)
  return withProgress(progress, doing, () => runCanary(now(), { ...parts, report }))
}

function readSimulatorCountry(text: string | undefined): SimulatorCountry | undefined {
  if (text === undefined) return undefined
  const country = text.trim().toUpperCase()
  if (isSimulatorCountry(country)) return country
  throw new Problem(
    'usage',
    `--country is "${text}"; AWS's simulator has numbers in ${simulatorCountries.join(', ')}.`,
  )
}

function describe({ failed, steps }: CanaryResult, { country, parts }: OpenCanary): string {
  const rows = steps.map(({ step, result, detail }) => [step, result, wrap(detail, DETAIL_MAX)])
  const end = steps.find(({ result }) => result === 'failed')
  return [
    `A code to AWS's simulator in ${country}, by ${parts.url}:`,
    wrappedTable(['step', 'result', 'what was seen'], rows),
    wrap(
      end?.result === 'failed' ? `The canary failed at ${failed}. ${end.remedy}` : 'The canary passed.',
      LINE_MAX,
    ),
  ].join('\n\n')
}

const DETAIL_MAX = 84
const LINE_MAX = 110
