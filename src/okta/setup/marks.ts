import type { Memo, PhonePart } from './org.ts'

/** The names of what Hookline makes in an org, by which it recognises it. */
export const names = {
  hookKey: 'Hookline hook key',
  app: 'Hookline telephony hook',
  policy: 'Hookline telephony hook',
  rule: 'Hookline client credentials',
  hook: 'Hookline telephony',
  eventHook: 'Hookline events',
  signOnRule: 'Hookline phone',
} as const

/** Part of every description and note, which people read in Okta's console. */
export const MADE_BY = 'Made by Hookline: hookline okta teardown removes it.'

/** Hooks have no description, so this header is used instead. Okta sends it, and the hook ignores it. */
export const MEMO_HEADER = 'X-Made-By'

export function isMarked(description: unknown): boolean {
  return typeof description === 'string' && description.includes(MADE_BY)
}

export function writeMemo({ replaces, turnedOn, ruleIn, phoneWas }: Memo): string {
  return [
    'Hookline',
    ...(replaces === undefined ? [] : [`replaces=${replaces}`]),
    ...(turnedOn.length === 0 ? [] : [`turned-on=${turnedOn.join('+')}`]),
    ...(ruleIn === undefined ? [] : [`rule-in=${ruleIn}`]),
    ...(phoneWas === undefined ? [] : [`phone-was=${phoneWas}`]),
  ].join('; ')
}

/** Undefined if the text is not a memo. */
export function readMemo(text: unknown): Memo | undefined {
  if (typeof text !== 'string') return undefined
  const [mark, ...pairs] = text.split(/;\s*/)
  if (mark !== 'Hookline') return undefined
  const values = new Map(pairs.map(pair => [pair.split('=')[0], pair.split('=')[1]]))
  const on = values.get('turned-on')?.split('+') ?? []
  return {
    replaces: values.get('replaces'),
    turnedOn: PHONE_PARTS.filter(part => on.includes(part)),
    ruleIn: values.get('rule-in'),
    phoneWas: values.get('phone-was'),
  }
}

/** In the order in which they are turned on. */
export const PHONE_PARTS: readonly PhonePart[] = ['phone', 'sms', 'voice']
