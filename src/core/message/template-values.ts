import type { OtpRequest } from '../values/request.ts'
import { Secret } from '../values/secret.ts'

/** What a template may name: a closed set. For voice each text must be valid SSML. */
export type TemplateValues = {
  readonly code: Secret
  /** Minutes that the code still lives, rounded, 1 to 60. */
  readonly minutes: number
  /** Who sends. */
  readonly brand: string
  /** How calls say the brand; undefined as it is written, in the language of the call. */
  readonly brandSpeech?: BrandSpeech | undefined
  /** Where the code is typed in; empty where none is set. */
  readonly domain: string
  /** Empty unless switched on. */
  readonly firstName: string
}

/** How a voice says a name of another language. */
type BrandSpeech = {
  /** Other letters that sound right: `Akme`. SSML's `<sub alias>`. */
  readonly alias: string | undefined
  /** Whose sounds the name has, as AWS's voices know languages: `en-US`. SSML's `<lang>`. */
  readonly language: string | undefined
}

export const templateArguments = [
  'code',
  'minutes',
  'brand',
  'domain',
  'firstName',
] as const satisfies readonly (keyof TemplateValues)[]

/** What deployment settings say about the values. Brand and domain were judged when the settings were read. */
export type ValueRules = {
  readonly brand: string
  readonly brandSpeech?: BrandSpeech | undefined
  readonly domain: string | undefined
  readonly usesFirstName: boolean
}

export function templateValues(request: OtpRequest, rules: ValueRules, now: number): TemplateValues {
  return {
    code: request.code,
    minutes: minutesLeft(request.expiresAt, now),
    brand: rules.brand,
    brandSpeech: rules.brandSpeech,
    domain: rules.domain ?? '',
    firstName: rules.usesFirstName ? safeName(request.user.firstName?.reveal() ?? '') : '',
  }
}

/** What a template is judged with before it is saved. */
export const longestValues: TemplateValues = {
  code: new Secret('0'.repeat(10)),
  minutes: 10,
  brand: 'W'.repeat(20),
  domain: `${'w'.repeat(36)}.com`,
  firstName: 'W'.repeat(20),
}

/** Who sends where no brand is set: its receiver may not know the name. */
export const defaultBrand = 'Okta'

/** Who sends: no link, no number that could be taken for a code, nothing that breaks a line. */
export function isBrand(text: string): boolean {
  if (ASCII_BRAND.test(text)) return true // Node takes milliseconds to load Unicode's classes, at a process's first use
  return /^(?!.*\p{N}{3})(?!.*\.\p{L})[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .&'’-]{0,18}[\p{L}\p{M}\p{N}.])?$/u.test(
    text,
  )
}

const ASCII_BRAND = /^(?!.*[0-9]{3})(?!.*\.[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 .&'-]{0,18}[A-Za-z0-9.])?$/

/** What a voice says for the brand: letters that sound like it, and nothing that it could take for the code. */
export function isSpokenBrand(text: string): boolean {
  return /^(?!.*\p{N}{3})[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .&'’-]{0,38}[\p{L}\p{M}\p{N}.])?$/u.test(text)
}

function minutesLeft(expiresAt: number | undefined, now: number): number {
  const minutes = expiresAt === undefined ? DEFAULT_MINUTES : Math.round((expiresAt - now) / 60_000)
  return Math.min(60, Math.max(1, minutes))
}

/**
 * People may enter any name in a sign-up form, and Hookline would send it in its own: only
 * the first word, letters only, and at most 20 of them.
 */
function safeName(name: string): string {
  const begin = name.slice(0, NAME_READ_MAX) // cut first: NFC of a long name takes seconds
  const [word = ''] = /\p{L}[\p{L}\p{M}'’-]*/u.exec(begin.normalize('NFC').replaceAll('’', "'")) ?? []
  return [...word].slice(0, NAME_MAX).join('')
}

const DEFAULT_MINUTES = 5 // Okta's codes live about five minutes
const NAME_MAX = 20
const NAME_READ_MAX = 256
