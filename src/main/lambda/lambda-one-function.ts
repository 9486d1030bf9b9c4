import { startAuthentication } from './authenticate.ts'
import { startHookFunction } from './hook-function.ts'

/** Handles one request from Okta, and authenticates its caller: with `OneFunction`, there is no authorizer. */
export const handler = await startHookFunction(async steadyNow => {
  const { identify } = await startAuthentication(steadyNow)
  return ({ header }, now, signal) => identify(header, now, signal)
})
