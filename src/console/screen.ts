import type { CountryToTry } from '../advice/coverage/dry-runs.ts'
import type { Tried } from '../advice/coverage/try-countries.ts'
import type { Attempt, SendResult } from '../core/deliver/ports.ts'
import type { Plan, PlanRules } from '../core/plan/plan.ts'
import type { ChangeLog } from '../core/policy/change-log.ts'
import type { Override } from '../core/policy/fraud-policy.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Editor, PolicyStore } from '../core/policy/policy-store.ts'
import type { DeliveryStore } from '../core/records/delivery-store.ts'
import type { OtpRequest } from '../core/values/request.ts'
import type { Secret } from '../core/values/secret.ts'
import type { SimulatorCountry } from '../core/values/simulator-numbers.ts'
import type { Doctor } from './examination-run.ts'
import type { Html, Visitor } from './page.ts'
import type { Speech } from './speech.ts'

/** One screen of the console: an entry of the navigation, with the addresses that belong to it. */
export type Screen = {
  /** In the navigation. */
  readonly title: string
  /** The address of its first page. */
  readonly path: string
  readonly routes: readonly Route[]
}

/**
 * One address. `page`: GET. `lookup`: POST that changes nothing of the deployment, such as a search whose words must not be
 * in an address. `change`: POST that changes something; a read-only console refuses it. The app checks the form token of
 * every POST.
 */
export type Route = {
  readonly kind: 'page' | 'lookup' | 'change'
  /** For the router: `/person/:by/:digests`. */
  readonly path: string
  readonly answer: (visit: Visit, parts: ConsoleParts) => Answer | Promise<Answer>
}

/** One request of a visitor. */
export type Visit = {
  readonly visitor: Visitor
  /** The address without the origin. */
  readonly path: string
  /** The values of the route's `:names`. */
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  /** Empty for a page. */
  readonly form: URLSearchParams
}

export type Answer =
  | {
      readonly kind: 'page'
      readonly title: string
      readonly body: Html
      readonly status?: 200 | 404
      /** The browser loads it again after so long: something is under way. */
      readonly refreshSeconds?: number
    }
  /** `to`: an own path. */
  | { readonly kind: 'redirect'; readonly to: string }
  | {
      readonly kind: 'file'
      readonly name: string
      readonly type: string
      readonly content: string | Uint8Array
      /** By the page itself, such as sound; others are saved by the browser. */
      readonly isShown?: boolean
    }

/** What `main` hands in: the ports of the commands. */
export type ConsoleParts = {
  readonly store: Pick<
    PolicyStore,
    'readPolicy' | 'readTemplateVersions' | 'saveFraudPolicy' | 'saveLimits' | 'saveTemplates'
  > &
    ChangeLog &
    Pick<DeliveryStore, 'findDelivery' | 'pageDeliveries' | 'readHourlyStats' | 'readStats'>
  readonly planRules: PlanRules
  /** The keyed digest in which numbers and users are stored. */
  readonly digests: (text: string) => Promise<readonly [string, ...string[]]>
  readonly now: () => number
  readonly doctor: Doctor
  /** Removes a number from every opt-out list, and logs it. Rejects with a message for the person, or with AWS's error. */
  readonly removeOptOuts: (
    number: Secret,
    by: Editor,
  ) => Promise<readonly { readonly list: string; readonly region: string }[]>
  /**
   * Does at AWS what an override does about one number, where a protect configuration is set; says in a sentence whether
   * that worked. Undefined where there is nothing to do.
   */
  readonly numberAtAws: (
    number: Secret,
    override: Pick<Override, 'what' | 'until'>,
  ) => Promise<string | undefined>
  /** The alarms of the deployment. Undefined where the console is not of a deployment. Rejects with AWS's error. */
  readonly readAlarms: (() => Promise<Alarms>) | undefined
  /** The country to whose simulator a canary goes each hour. Undefined where none does. */
  readonly canary: SimulatorCountry | undefined
  readonly speech: Speech
  /** What the fraud rule would decide about a code of this person now, in a sentence. Rejects if `from` is no address. */
  readonly explainRule: (
    request: OtpRequest,
    planned: Plan,
    policy: Policy,
    who: { readonly user?: string; readonly from?: string },
  ) => Promise<string>
  /** Hands one message to AWS, once. */
  readonly sendOnce: (attempt: Attempt) => Promise<SendResult>
  /**
   * Asks AWS about each country by dry runs, and reports each answer. Rejects if AWS cannot be asked. Resolves
   * with the error if they could not be noted for the shares of routes.
   */
  readonly tryCountries: (
    countries: readonly CountryToTry[],
    report: (tried: Tried) => void,
  ) => Promise<unknown>
  /** In which times are shown, such as `Europe/Madrid`. */
  readonly timeZone: string
  readonly assets: Assets
}

type Alarms = {
  /** `since`: milliseconds since 1970, if AWS says it. */
  readonly open: readonly {
    readonly name: string
    readonly description: string
    readonly since: number | undefined
  }[]
  /** How many there are, open or not. */
  readonly count: number
  /** False if there are more, which were not read. */
  readonly isComplete: boolean
}

/** The files that pages load. */
export type Assets = { readonly style: string; readonly island: string; readonly icon: string }
