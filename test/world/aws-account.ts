import { startAwsControl } from '../../simulators/aws/control/server.ts'
import { CREDENTIALS } from '../fixtures/aws-credentials.ts'

/** The stand-in for AWS's control plane, with operations for tests. Ends with `await using`. */
export type AwsAccount = AsyncDisposable & {
  /** The environment of a program that uses it. */
  readonly env: Readonly<Record<string, string>>
  readonly setFaults: (faults: object) => Promise<void>
  /** Sets the account: `serviceLinkedRoles`, `roles`, `apiLogRole`. */
  readonly setAccount: (settings: object) => Promise<void>
  /** Sets Okta's published ranges; an empty text is an unusable answer. */
  readonly setOktaRanges: (published: string) => Promise<void>
  /** Creates a protect configuration: capability to country to status. */
  readonly setProtect: (id: string, rules: object) => Promise<void>
  readonly state: () => Promise<AccountState>
  /** Changes a bucket as another user of the account. */
  readonly putObject: (bucket: string, key: string, body: string) => Promise<void>
  readonly readObject: (bucket: string, key: string) => Promise<string>
  readonly deleteObject: (bucket: string, key: string) => Promise<void>
  readonly putSetting: (bucket: string, setting: string, body: string) => Promise<void>
}

type AccountState = {
  readonly account: { readonly serviceLinkedRoles: readonly string[]; readonly apiLogRole?: string }
  readonly stacks: readonly {
    readonly name: string
    readonly region: string
    readonly status: string
    readonly parameters: Readonly<Record<string, string>>
    readonly resources: Readonly<Record<string, string>>
  }[]
  readonly buckets: readonly {
    readonly name: string
    readonly region: string
    readonly keys: readonly string[]
    /** The number of versions and delete markers. */
    readonly versions: number
    readonly settings: Readonly<Record<string, string>>
  }[]
  readonly protect: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>
  /** By protect configuration and number. */
  readonly numberRules: Readonly<
    Record<string, Readonly<Record<string, { readonly action: string; readonly until?: number }>>>
  >
}

export type AwsAccountOptions = {
  /** The time of changes. Default: the machine's clock. */
  readonly now?: () => Date
  /** How many steps a stack takes with each request. Default 1. */
  readonly stepsAtOnce?: number
}

export async function startAwsAccount(options: AwsAccountOptions = {}): Promise<AwsAccount> {
  const standIn = await startAwsControl({ port: 0, ...options })
  const put = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${standIn.url}${path}`, { method: 'PUT', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  }
  const object = async (method: string, path: string, body?: string): Promise<string> => {
    const response = await fetch(`${standIn.url}/objects/${path}`, { method, ...(body && { body }) })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`)
    return response.text()
  }
  return {
    env: {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL_CLOUDFORMATION: standIn.url,
      AWS_ENDPOINT_URL_S3: standIn.url,
      AWS_ENDPOINT_URL_STS: standIn.url,
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: standIn.url,
      AWS_ENDPOINT_URL_IAM: standIn.url,
      AWS_ENDPOINT_URL_API_GATEWAY: standIn.url,
      AWS_ENDPOINT_URL_LAMBDA: standIn.url,
      OKTA_IP_RANGES_URL: `${standIn.url}/okta-ranges`,
      AWS_REGION: 'eu-west-1',
    },
    setFaults: faults => put('/faults', faults),
    setAccount: settings => put('/account', settings),
    setOktaRanges: async published => {
      await fetch(`${standIn.url}/okta-ranges`, { method: 'PUT', body: published })
    },
    setProtect: (id, rules) => put('/protect', { id, rules }),
    putObject: (bucket, key, body) => object('PUT', `${bucket}/${key}`, body).then(() => undefined),
    readObject: (bucket, key) => object('GET', `${bucket}/${key}`),
    deleteObject: (bucket, key) => object('DELETE', `${bucket}/${key}`).then(() => undefined),
    putSetting: (bucket, setting, body) => object('PUT', `${bucket}?${setting}`, body).then(() => undefined),
    state: async () => (await fetch(`${standIn.url}/state`)).json() as Promise<AccountState>,
    [Symbol.asyncDispose]: standIn.close,
  }
}
