/** A fault of the management API, on demand. */
export type ManagementFault = {
  /**
   * `rate-limit`: 429 with its headers. `error`: 500, nothing done. `slow`: waits, then answers normally. `cut`: does
   * the request, then cuts the connection without an answer. `none`: ends the fault.
   */
  readonly kind: 'rate-limit' | 'error' | 'slow' | 'cut' | 'none'
  /** How many requests succeed first. Default 0. */
  readonly after?: number
  /** How many fail after that. Default 1. */
  readonly times?: number
  /** For `slow`. Default 5,000. */
  readonly ms?: number
  /** For `rate-limit`: seconds until the limit resets. Default 0, at once. */
  readonly resetSeconds?: number
}

export type ManagementFaults = {
  readonly set: (fault: ManagementFault) => void
  /** The fault for the current request; undefined if it succeeds. */
  readonly next: () => ManagementFault | undefined
}

export function managementFaults(): ManagementFaults {
  let fault: ManagementFault = { kind: 'none' }
  let seen = 0
  return {
    set(newFault) {
      fault = newFault
      seen = 0
    },
    next() {
      const { after = 0, times = 1 } = fault
      const number = seen++
      return fault.kind !== 'none' && number >= after && number < after + times ? fault : undefined
    },
  }
}

const KINDS = ['rate-limit', 'error', 'slow', 'cut', 'none'] as const
const NUMBERS = ['after', 'times', 'ms', 'resetSeconds'] as const

/** Reads a fault from JSON; undefined if it is invalid. */
export function parseManagementFault(body: Readonly<Record<string, unknown>>): ManagementFault | undefined {
  const kind = KINDS.find(one => one === body.kind)
  const numbers = NUMBERS.filter(name => body[name] !== undefined)
  if (kind === undefined || numbers.some(name => !isCount(body[name]))) return undefined
  if (Object.keys(body).some(name => name !== 'kind' && !NUMBERS.some(known => known === name)))
    return undefined
  return { kind, ...Object.fromEntries(numbers.map(name => [name, Number(body[name])])) }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
