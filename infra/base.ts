import type { Stack } from 'aws-cdk-lib'
import type { Conditions } from './parameters/conditions.ts'
import type { Parameters } from './parameters/parameters.ts'

/** What a part is made from that only needs to know whether there is a key. */
export type KeyBase = { readonly stack: Stack; readonly when: Pick<Conditions, 'ownKey'> }

/** What every part of the stack is made from. */
export type Base = {
  readonly stack: Stack
  readonly parameters: Parameters
  readonly when: Conditions
  /** A hash of the functions' archives: their folder in the bucket. */
  readonly release: string
}
