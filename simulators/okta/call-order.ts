/** The user who requests the code, as Okta describes them to the hook. */
export type UserProfile = {
  readonly firstName: string
  readonly lastName: string
  readonly login: string
  readonly userId: string
}

/** An order to call the hook once. Everything except the number has a default. */
export type CallOrder = {
  /** The phone number, passed on unchanged. Required, except for a preview. */
  readonly to?: string
  /** `sms` (default) and `voice` become Okta's current spellings; any other text is passed on unchanged. */
  readonly channel?: string
  /** Default `en`; null is passed on as null. */
  readonly locale?: string | null
  /** Default `mfa-verification`; any other text is passed on unchanged. */
  readonly purpose?: string
  /** Default: six random digits. */
  readonly code?: string
  /** Default: a new one. Use the same one twice to send a duplicate. */
  readonly eventId?: string
  /** Send the preview request of Okta's console. Default false. */
  readonly preview?: boolean
  /** ISO 8601. Default: in five minutes. */
  readonly otpExpires?: string
  readonly user?: Partial<UserProfile>
  /** Merged deeply into the request body as the last step: objects are merged, everything else is replaced. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Fields to leave out of the request body, by path: `data.messageProfile.locale`. */
  readonly omit?: readonly string[]
  /** Get a new access token for this call. Default false. */
  readonly fresh?: boolean
}

export type ParsedOrder =
  | { readonly kind: 'order'; readonly order: CallOrder }
  | { readonly kind: 'problem'; readonly problem: string }

const TEXTS = ['to', 'channel', 'purpose', 'code', 'eventId', 'otpExpires']
const FLAGS = ['preview', 'fresh']
const OBJECTS = ['overrides', 'user']
const KNOWN = new Set([...TEXTS, ...FLAGS, ...OBJECTS, 'locale', 'omit'])

/** Reads an order from JSON. Unknown fields are a problem, because they are typing mistakes in a test. */
export function parseOrder(value: unknown): ParsedOrder {
  if (!isObject(value)) return problem('The order must be a JSON object.')
  const unknown = Object.keys(value).find(name => !KNOWN.has(name))
  if (unknown) return problem(`Unknown field "${unknown}". You can set: ${[...KNOWN].join(', ')}.`)
  const wrong = (names: readonly string[], isRight: (field: unknown) => boolean) =>
    names.find(name => value[name] !== undefined && !isRight(value[name]))

  const text = wrong(TEXTS, field => typeof field === 'string')
  if (text) return problem(`"${text}" must be a text.`)
  const flag = wrong(FLAGS, field => typeof field === 'boolean')
  if (flag) return problem(`"${flag}" must be true or false.`)
  const object = wrong(OBJECTS, isObject)
  if (object) return problem(`"${object}" must be an object.`)
  if (wrong(['locale'], field => field === null || typeof field === 'string'))
    return problem('"locale" must be a text or null.')
  if (wrong(['omit'], field => Array.isArray(field) && field.every(path => typeof path === 'string')))
    return problem('"omit" must be a list of texts.')
  if (value.to === undefined && value.preview !== true)
    return problem('"to" is missing: the phone number to send to.')
  return { kind: 'order', order: value as CallOrder }
}

function problem(text: string): ParsedOrder {
  return { kind: 'problem', problem: text }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
