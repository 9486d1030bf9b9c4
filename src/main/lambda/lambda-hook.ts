import { readVerifiedClient } from '../../http/verified-client.ts'
import { startHookFunction } from './hook-function.ts'

/** Handles one request from Okta, after the authorizer. */
export const handler = await startHookFunction(async () => async ({ gateway }, now) => {
  return readVerifiedClient(gateway?.authorizer, now)
})
