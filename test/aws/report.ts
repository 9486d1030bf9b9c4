import type { AwsCallRecord } from '../../simulators/aws/iam/ledger.ts'

/** The calls of a deployment to AWS as text: one line for each function and action. */
export function report(
  calls: readonly AwsCallRecord[],
  memory: Readonly<Record<string, { readonly peakMb: number; readonly limitMb: number }>>,
): string {
  const counted = new Map<string, { granted: number; denied: number }>()
  for (const { function: name, action, granted } of calls) {
    const key = `${name.padEnd(12)}${action}`
    const count = counted.get(key) ?? { granted: 0, denied: 0 }
    count[granted ? 'granted' : 'denied'] += 1
    counted.set(key, count)
  }
  const lines = [...counted]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { granted, denied }]) => `${key.padEnd(52)}${cell(granted)}${cell(denied)}`)
  const memories = Object.entries(memory).map(
    ([name, { peakMb, limitMb }]) => `${name.padEnd(12)}at most ${peakMb} of ${limitMb} MB`,
  )
  const title = `${'function'.padEnd(12)}${'action'.padEnd(40)}${'granted'.padStart(9)}${'denied'.padStart(9)}`
  return [title, ...lines, '', ...memories].join('\n')
}

function cell(count: number): string {
  return String(count).padStart(9)
}
