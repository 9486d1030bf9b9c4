/** Exit codes of every command; `hookline --help` lists them. */
export const exitCodes = {
  done: 0,
  accident: 1,
  usage: 2,
  settings: 3,
  notSent: 4,
  unreachable: 5,
} as const

/** Something that the person at the keyboard can act on: said as it is, without a stack. */
export class Problem extends Error {
  readonly exitCode: number

  constructor(kind: Exclude<keyof typeof exitCodes, 'done' | 'accident'>, message: string) {
    super(message)
    this.exitCode = exitCodes[kind]
  }
}
