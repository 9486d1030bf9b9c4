/** Runs a stand-in as a program: its errors are printed in one line, and it stops on a signal, or when its parent exits. */
export function runStandIn(name: string, start: () => Promise<StandIn | undefined>): void {
  start().then(
    standIn => {
      if (standIn === undefined) return
      endWithItsParent(standIn)
      console.log(`${name} (a stand-in): ${standIn.url}`)
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error))
      process.exitCode = 1
    },
  )
}

type StandIn = {
  readonly url: string
  readonly close: () => Promise<void>
  /** What else the program that started it needs to know. */
  readonly about?: Readonly<Record<string, string>>
}

/** The value of an option. Throws an Error with a message for the user. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value
  throw new Error(`${option} is "${text}"; expected a whole number from ${min} to ${max}`)
}

function endWithItsParent({ url, close, about }: StandIn): void {
  let isEnding = false
  const end = () => {
    if (isEnding) return // a signal and the end of the parent come together
    isEnding = true
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  if (process.send) {
    process.once('disconnect', end)
    process.send({ ready: url, ...about })
  }
}
