import { prepareAnyTemplate } from '../../core/message/icu-template.ts'
import { measureText } from '../../core/message/message-parts.ts'
import { fillIn } from '../../core/message/template.ts'
import { longestValues, type TemplateValues } from '../../core/message/template-values.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { Secret } from '../../core/values/secret.ts'
import type { LintRules, Remark } from './finding.ts'
import { remarks } from './template-texts.ts'

/**
 * Findings about one form of a text, by what phones do with it: whether Android finds the code, and only the code; and whether a
 * last line that the template itself has is one that browsers (WebOTP) or apps (SMS Retriever) read.
 */
export function lintAutofill(
  template: NewTemplate,
  typical: Partial<TemplateValues> = {},
  ending?: LintRules['ending'],
): readonly Remark[] {
  const write = (values: TemplateValues): string =>
    fillIn(prepareAnyTemplate({ ...template, version: 0 }), values)
  const body = write({ ...longestValues, ...typical, code: new Secret(CODE) })
  return [...judgeCode(body), ...judgeOwnLine(body, write(longestValues), ending)]
}

/**
 * What Android takes for a code, reduced to digits: what may be before it, four to nine digits, what may be after it.
 * AOSP, packages/modules/ExtServices, NotificationOtpDetectionHelper (START, END). @internal
 */
export const ANDROIDS_CODE =
  /(?:^|(?<=(?:(?:^|[^0-9])\s)|[>("'=[\p{Ideographic}]|[\p{L}\p{Ideographic}][:-]))\d{4,9}(?=$|\s(?:[^0-9]|$)|\p{Ideographic}|[.?!,)'\]"])/gmu

function judgeCode(body: string): readonly Remark[] {
  const found = [...body.matchAll(ANDROIDS_CODE)].map(([digits]) => digits)
  const others = [...new Set(found)].filter(digits => digits !== CODE && !YEAR.test(digits))
  return [
    ...(found.includes(CODE) ? [] : [remarks.codeNotFound(...neighboursOf(CODE, body))]),
    ...(others.length === 0 ? [] : [remarks.otherNumbers(others)]),
  ]
}

/** The characters next to the code that Android does not take there; empty where it takes it. */
function neighboursOf(code: string, body: string): readonly [before: string, after: string] {
  const start = body.indexOf(code)
  const [before = ''] = /.?$/su.exec(body.slice(0, start)) ?? []
  const [after = ''] = /^.?/su.exec(body.slice(start + code.length)) ?? []
  return [BEFORE.test(before) ? '' : before, AFTER.test(after) ? '' : after]
}

function judgeOwnLine(body: string, longest: string, ending: LintRules['ending']): readonly Remark[] {
  const lines = body.trimEnd().split('\n')
  const last = lines.at(-1) ?? ''
  const isBrowserLine = lines.some(line => line.startsWith('@'))
  if (isBrowserLine && !WEB_OTP.test(last)) return [remarks.wrongBrowserLine()]
  if (isBrowserLine && ending !== undefined) return [remarks.twoLastLines(ending)]
  if (isBrowserLine || lines.length === 1 || !APP_HASH.test(last)) return []
  const { encoding, septetsOrUnits } = measureText(longest)
  const bytes = encoding === 'GSM-7' ? Math.ceil((septetsOrUnits * 7) / 8) : septetsOrUnits * 2
  return bytes > APP_MAX_BYTES ? [remarks.tooLongForApp(bytes, APP_MAX_BYTES)] : []
}

const CODE = '493817'
/** Android takes no year for a code. */
const YEAR = /^(?:19|20)\d\d$/
const BEFORE = /^$|[\s>("'=[\p{Ideographic}:-]/u
const AFTER = /^$|[\s\p{Ideographic}.?!,)'\]"]/u
/** https://wicg.github.io/sms-one-time-codes/ */
const WEB_OTP = new RegExp(`^@[a-z0-9.-]+\\.[a-z]{2,} #${CODE}(?: @[a-z0-9.-]+)?$`, 'i')
const APP_HASH = /^[A-Za-z0-9+/]{11}$/
const APP_MAX_BYTES = 140 // SMS Retriever ignores longer texts
