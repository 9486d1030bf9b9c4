import type { Contract } from './contract.ts'
import { readOpenapiContract } from './openapi-contract.ts'
import { readSdkContract } from './sdk-contract.ts'

let sdk: Contract | undefined
let openapi: Contract | undefined

/** Okta's SDK, which is always available. */
export function sdkContract(): Contract {
  sdk ??= readSdkContract()
  return sdk
}

/** Okta's published OpenAPI document, at the path in HOOKLINE_OKTA_OPENAPI; undefined if it is not set. */
export function openapiContract(): Contract | undefined {
  const file = process.env.HOOKLINE_OKTA_OPENAPI
  if (file === undefined || file === '') return undefined
  openapi ??= readOpenapiContract(file)
  return openapi
}

export function knownContracts(): readonly Contract[] {
  const published = openapiContract()
  return published === undefined ? [sdkContract()] : [sdkContract(), published]
}
