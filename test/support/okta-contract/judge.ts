import type { Exchange } from '../../../simulators/okta/management/management-api.ts'
import type { Contract } from './contract.ts'
import { type Deviation, deviations } from './deviations.ts'
import { type Fault, faultsOf } from './shape.ts'

/** A breach of one of Okta's documents in an exchange. */
export type Finding = {
  /** `PUT /api/v1/apps/{appId}` */
  readonly operation: string
  readonly part: 'path' | 'query' | 'request' | 'status' | 'answer'
  readonly path: string
  readonly what: string
  readonly contract: string
}

export type Judge = {
  readonly take: (exchange: Exchange) => void
  /** Each different finding once, without those that a deviation explains. */
  readonly findings: () => readonly Finding[]
  readonly used: () => readonly Deviation[]
}

/** Compares the traffic of the management API with Okta's documents. */
export function createJudge(contracts: readonly Contract[]): Judge {
  const found = new Map<string, Finding>()
  const used = new Set<Deviation>()
  return {
    take(exchange) {
      for (const contract of contracts) {
        for (const finding of findingsOf(contract, exchange)) {
          const explained = deviations.filter(one => one.finding.test(describeFinding(finding)))
          for (const one of explained) used.add(one)
          if (explained.length === 0) found.set(describeFinding(finding), finding)
        }
      }
    },
    findings: () => [...found.values()],
    used: () => [...used],
  }
}

/** An exchange that cannot be read is also a finding, so that none is skipped. */
function findingsOf(contract: Contract, exchange: Exchange): readonly Finding[] {
  try {
    return judge(contract, exchange)
  } catch (error) {
    const operation = `${exchange.method} ${exchange.path}`
    return [
      { contract: contract.name, operation, part: 'path', path: '', what: `cannot be judged: ${error}` },
    ]
  }
}

export function judge(contract: Contract, exchange: Exchange): readonly Finding[] {
  const { method, path, query, request, status, answer } = exchange
  const operation = contract.operation(method, path)
  const about = { contract: contract.name, operation: operation?.name ?? `${method} ${path}` }
  if (operation === undefined) return [{ ...about, part: 'path', path: '', what: 'is no operation of Okta' }]
  const as = (part: Finding['part'], faults: readonly Fault[]): readonly Finding[] =>
    faults.map(fault => ({ ...about, part, ...fault }))
  const unknown = query.filter(name => !operation.query.has(name))
  const isError = status >= 400
  return [
    ...as(
      'query',
      unknown.map(name => ({ path: name, what: 'has a name that Okta does not know' })),
    ),
    ...as('request', requestFaults()),
    ...as('status', isError || operation.answers.has(status) ? [] : [{ path: '', what: `is ${status}` }]),
    ...as('answer', answerFaults()),
  ]

  function requestFaults(): readonly Fault[] {
    // A refused request may be invalid.
    if (isError && status !== 429) return []
    if (operation?.request === undefined) {
      return request === undefined ? [] : [{ path: '', what: 'has a body, and Okta knows none' }]
    }
    return faultsOf(operation.request, request, true)
  }

  function answerFaults(): readonly Fault[] {
    const shape = operation?.answers.get(status) ?? (isError ? operation?.error : undefined)
    if (shape !== undefined) return faultsOf(shape, answer, false)
    const isEmpty = answer === undefined || JSON.stringify(answer) === '{}'
    return isEmpty || !operation?.answers.has(status)
      ? []
      : [{ path: '', what: 'has a body, and Okta knows none' }]
  }
}

export function describeFinding({ contract, operation, part, path, what }: Finding): string {
  return `${contract}: ${operation}: ${part}${path === '' ? '' : ` ${path}`} ${what}`
}
