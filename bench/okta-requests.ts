import { randomBytes } from 'node:crypto'
import { hookRequest, newOrg } from '../simulators/okta/hook-request.ts'

/**
 * Bodies as Okta's stand-in writes them, one after the other: a text in English to a number of the United
 * States. Event, code, user and number are new in each, so that no limit and no detection of duplicates cuts the way short.
 */
export function oktaRequests(): () => string {
  const org = newOrg('https://example.okta.com')
  let count = 0
  return () => {
    count += 1
    const order = { to: fictionalNumber(count), locale: 'en_US', user: { userId: `00u${token(17)}` } }
    return JSON.stringify(hookRequest(order, org, new Date()))
  }
}

/** 555-0100 to 555-0199 are reserved for fiction in each area: 21,000 numbers, then the first again. */
function fictionalNumber(count: number): string {
  const area = AREAS[Math.floor(count / 100) % AREAS.length]
  return `+1${area}55501${String(count % 100).padStart(2, '0')}`
}

function token(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length)
}

