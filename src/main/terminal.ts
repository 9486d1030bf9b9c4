import { createInterface } from 'node:readline/promises'
import { type Readable, Writable } from 'node:stream'
import { printableLines } from '../core/values/printable.ts'
import { Secret } from '../core/values/secret.ts'

/** The streams of a program: everything that a command reads and writes. */
export type Streams = {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable
  /** Aborts at Ctrl-C or SIGTERM, and when the program that started this one has ended. The reason says which. */
  readonly signal: AbortSignal
  /** Reports to the program that started this one that it is ready, with its addresses. */
  readonly sendReady: (message: {
    readonly ready: string
    readonly metrics?: string | undefined
    readonly console?: string | undefined
  }) => void
}

/** The person at the keyboard. */
export type Terminal = {
  /** Whether the person can be asked. */
  readonly isAtTerminal: boolean
  /** The typed line; undefined at Ctrl-C, Ctrl-D and the end of the input. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** The same without echo; empty at Ctrl-C, Ctrl-D and the end of the input. */
  readonly askHidden: (question: string) => Promise<Secret>
}

export function createTerminal({ stdin, stdout }: Pick<Streams, 'stdin' | 'stdout'>): Terminal {
  return {
    isAtTerminal: stdin.isTTY === true && stdout.isTTY === true,
    ask: async question => {
      const lines = createInterface({ input: stdin, output: stdout })
      const closed = new Promise<undefined>(resolve => lines.once('close', () => resolve(undefined)))
      lines.once('SIGINT', () => {
        say(stdout, '\n')
        lines.close()
      })
      try {
        return await Promise.race([lines.question(printableLines(question)), closed])
      } finally {
        lines.close()
      }
    },
    // The terminal's echo is off and this output discards everything, so the typed text is not shown.
    askHidden: async question => {
      say(stdout, question)
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
      const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 })
      const closed = new Promise<string>(resolve => lines.once('close', () => resolve('')))
      lines.once('SIGINT', () => lines.close())
      try {
        return new Secret((await Promise.race([lines.question(''), closed])).trim())
      } finally {
        lines.close()
        say(stdout, '\n')
      }
    },
  }
}

/** Writes text for people, without control characters that Okta, AWS or a file may have put in it. */
export function say(output: Writable, text: string): void {
  output.write(printableLines(text))
}
