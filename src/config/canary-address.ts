import { isLoopback } from './caller-problems.ts'
import { canary } from './canary-settings.ts'
import { fromResource, setting } from './setting.ts'

/** The settings of what follows a canary. The hook, which sends it, reads those of `canary` only. */
export const followedCanary = {
  ...canary,
  url: setting({
    name: 'HOOKLINE_CANARY_URL',
    read: readUrl,
    allowed: 'an https address without a query (http on loopback only), such as https://example.com/mfa',
    meaning:
      "Address of the hook as Okta calls it, so that the canary goes through DNS, TLS and the proxy as well. Without it, the canary calls the server's own address on this machine.",
    deployed: fromResource({ canary: 'hookUrl' }),
  }),
} as const

function readUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || [url.search, url.hash, url.username, url.password].some(part => part !== ''))
    return undefined
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)) ? url.href : undefined
}
