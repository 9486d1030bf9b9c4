import { parseBehaviours } from './behaviours.ts'
import { parseBreakage } from './break-setup.ts'
import { parseManagementFault } from './management-fault.ts'
import type { OrgHandle } from './org-handle.ts'
import type { Json } from './route.ts'

export const ORG_OVERVIEW = `
GET  /org/credentials                        the API token, and the service app if there is one
GET  /org/export                             the set-up as canonical JSON, to compare byte for byte
PUT  /org/behaviours    {"publicKey": "flat|embedded|without-n", "execute": "all|commands|strict",
                         "verification": "with-secret|without-secret", "factor": "constant|type|reason"}
PUT  /org/clock     {"offsetSeconds": 600}   how far the clock of the org is ahead
PUT  /org/provider  {"isOn": false}          whether Okta's own telephony sends where the hook does not
POST /org/break     {"kind": "rotate-hook-key|delete-policy|ungrant-scope|forbid-phone-enrolment|refuse-phone-at-sign-on"}
                    {"kind": "allow-phone-for", "use": "any|none|recovery|sso"}
                    {"kind": "own-telephony", "isPrimary": true}
                    {"kind": "add-enrolment-policy", "name": "Contractors"}
                    {"kind": "change-audience", "audience": "api://other"}
                    {"kind": "dpop", "on": true}
                    {"kind": "deactivate", "what": "hook|app|policy|rule|authenticator|sms|voice|event-hook"}
                    {"kind": "edit-hook-url|another-hook", "url": "http://..."}
POST /faults/management  {"kind": "rate-limit|error|slow|cut|none", "after": 3, "times": 1}
`

/** The operations of the control API on an org, by method and path. */
export function orgControls(org: OrgHandle): Readonly<Record<string, (body: Json) => Promise<Reply>>> {
  return {
    'GET /org/credentials': async () => done({ apiToken: org.apiToken, serviceApp: org.serviceApp ?? null }),
    'PUT /org/behaviours': async body => {
      const behaviours = parseBehaviours(body)
      if (!behaviours) return refuse('Unknown behaviour. GET / lists the behaviours.')
      org.setBehaviours(behaviours)
      return done(behaviours)
    },
    'PUT /org/clock': async ({ offsetSeconds }) => {
      if (!Number.isSafeInteger(offsetSeconds)) return refuse('"offsetSeconds" must be a whole number.')
      org.setClockOffset(Number(offsetSeconds) * 1000)
      return done({ offsetSeconds })
    },
    'PUT /org/provider': async ({ isOn }) => {
      if (typeof isOn !== 'boolean') return refuse('"isOn" must be true or false.')
      org.setProvider(isOn)
      return done({ isOn })
    },
    'POST /org/break': async body => {
      const breakage = parseBreakage(body)
      if (!breakage) return refuse('Unknown change. GET / lists the changes.')
      const problem = await org.breakSetup(breakage)
      return problem === undefined ? done(breakage) : { status: 409, body: { problem } }
    },
    'POST /faults/management': async body => {
      const fault = parseManagementFault(body)
      if (!fault) return refuse('Unknown fault. GET / lists the faults.')
      org.setFault(fault)
      return done(fault)
    },
  }
}

/** An answer of the control API. */
export type Reply = { readonly status: 200 | 400 | 409 | 502; readonly body: object }

export function done(body: object): Reply {
  return { status: 200, body }
}

export function refuse(problem: string): Reply {
  return { status: 400, body: { problem } }
}
