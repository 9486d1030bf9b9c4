import { join } from 'node:path'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type Program, startHookline } from './program.ts'

/** `hookline start` on free ports and a folder of its own, after both its codes arrived. */
export type RunningStart = AsyncDisposable & {
  readonly program: Program
  readonly hook: string
  readonly okta: string
  readonly carrier: string
  readonly dataFolder: string
  /** The environment in which other commands see the same store. */
  readonly env: Readonly<Record<string, string>>
  /** The options by which `send` finds the stand-ins. */
  readonly addresses: readonly string[]
}

export const FREE_PORTS = ['--okta-port', '0', '--carrier-port', '0'] as const

export async function runningStart(): Promise<RunningStart> {
  const folder = temporaryFolder()
  const dataFolder = join(folder.path, 'data')
  const env = { HOOKLINE_DATA_DIR: dataFolder }
  const program = startHookline(['start', ...FREE_PORTS], { env: { ...env, PORT: '0' }, cwd: folder.path })
  const end = async (): Promise<void> => {
    await program[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  }
  try {
    await program.prints(/Ctrl-C ends everything/)
    const { hook, okta, carrier } = await printedAddresses(program)
    const addresses = ['--okta', okta, '--carrier', carrier]
    return { program, hook, okta, carrier, dataFolder, env, addresses, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** The addresses that `start` prints for people. */
export async function printedAddresses(
  program: Program,
): Promise<Record<'hook' | 'okta' | 'carrier', string>> {
  const [, carrier = ''] = await program.prints(/Phone page\s+(http:\S+)\//)
  const [, hook = ''] = await program.prints(/Hook\s+(http:\S+)\/mfa\s/)
  const [, okta = ''] = await program.prints(/Okta stand-in\s+(http:\S+)\/oauth2\/default\s/)
  return { hook, okta, carrier }
}
