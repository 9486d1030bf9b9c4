import { Problem } from '../terminal/problem.ts'

/** The number of a version as an option gives it. */
export function readVersionNumber(option: string, given: string, min = 1): number {
  if (/^\d{1,9}$/.test(given) && Number(given) >= min) return Number(given)
  throw new Problem('usage', `${option} is "${given}"; expected the number of a version, ${min} or more.`)
}
