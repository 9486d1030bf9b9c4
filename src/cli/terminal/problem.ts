/** Exit codes of every command; `hookline --help` lists them. */
export const exitCodes = {
  done: 0,
  internalError: 1,
  usage: 2,
  settings: 3,
  notSent: 4,
  unreachable: 5,
  /** Ended by Ctrl-C: 128 and the number of the signal, as shells count. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An error that the user can act on: its message is printed as it is, without a stack. */
export class Problem extends Error {
  readonly exitCode: ExitCode

  constructor(kind: Exclude<keyof typeof exitCodes, 'done' | 'internalError'>, message: string) {
    super(message)
    this.exitCode = exitCodes[kind]
  }
}

/** A value of a file or an option as a message shows it: as JSON, shortened if it is long. */
export function quoted(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null ? jsonOf(value) : (JSON.stringify(value) ?? 'missing')
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text
}

function jsonOf(value: object): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'nested too deeply to show'
  }
}

const QUOTED_MAX = 200
