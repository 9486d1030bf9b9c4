import { globSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's package `faketime`. */
const [library] = globSync('/usr/lib/{*/,}faketime/libfaketime.so.1')

/** Why there is no such clock on this machine; throws if `HOOKLINE_REQUIRE_FAKETIME` is set. */
export function fakedClockMissing(): string | undefined {
  if (library !== undefined) return undefined
  if (process.env.HOOKLINE_REQUIRE_FAKETIME !== undefined)
    throw new Error('HOOKLINE_REQUIRE_FAKETIME is set, and libfaketime is not on this machine')
  return 'NOT RUN: libfaketime is not on this machine (apt-get install faketime)'
}

/** The wall clock of a program that is started with `env`; its monotonic clock is the machine's. */
export function fakedClock(folder: string): {
  readonly env: Readonly<Record<string, string>>
  /** Seconds from the machine's clock, such as `-3600`, from now on. */
  readonly set: (offset: string) => void
} {
  const file = join(folder, 'clock-offset')
  const set = (offset: string): void => {
    writeFileSync(`${file}.new`, `${offset}\n`)
    renameSync(`${file}.new`, file) // never partially written
  }
  set('+0')
  return {
    set,
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}
