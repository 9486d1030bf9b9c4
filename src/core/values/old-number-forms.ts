/** A form that a country no longer uses, with the published rule that gives the current number. */
type OldForm = {
  /** Country calling code. */
  readonly callingCode: string
  /** Every number of the old form, without the calling code. */
  readonly shape: RegExp
  /** The same as dialled inside the country, if that differs. */
  readonly dialled?: RegExp
  /** The current number; undefined if the published rule does not determine it. */
  readonly rewrite: (old: string) => string | undefined
  /** What changed, who published it, when. */
  readonly source: string
}

export type Rewritten =
  | { readonly kind: 'rewritten'; readonly nationalNumber: string; readonly source: string }
  /** The old form is known, but no published rule gives the current number. */
  | { readonly kind: 'unsettled'; readonly source: string }

/**
 * Rewrites a national number in a form that its country no longer uses; undefined if it is not in such a form. Only
 * rules that give exactly one number are included, because a wrong one would send the code to another person's phone.
 * The caller checks that the result is a valid mobile number.
 */
export function rewriteOldForm(
  callingCode: string,
  nationalNumber: string,
  isDialled: boolean,
): Rewritten | undefined {
  const form = OLD_FORMS.find(form => form.callingCode === callingCode)
  const shape = isDialled ? (form?.dialled ?? form?.shape) : form?.shape
  if (form === undefined || !shape?.test(nationalNumber)) return undefined
  const { source } = form
  const rewritten = form.rewrite(nationalNumber)
  return rewritten === undefined
    ? { kind: 'unsettled', source }
    : { kind: 'rewritten', nationalNumber: rewritten, source }
}

const OLD_FORMS: readonly OldForm[] = [
  {
    callingCode: '52',
    shape: /^(?:1|01|04[45])\d{10}$/,
    dialled: /^(?:01|04[45])\d{10}$/, // eleven digits with a leading 1 can also be a number of +1
    rewrite: old => old.slice(-10),
    source: 'Mexico: ten digits are no longer preceded by 1, 01, 044 or 045 (IFT, in force since 2019-08-03)',
  },
  {
    callingCode: '55',
    // Radio numbers (7) did not get the ninth digit, and landlines (2 to 5) keep eight.
    shape: /^[1-9][1-9][689]\d{7}$/,
    rewrite: old => `${old.slice(0, 2)}9${old.slice(2)}`,
    source:
      'Brazil: mobile numbers of eight digits now begin with an additional 9 (Anatel, Resolução 553/2010, complete since 2016-11-06)',
  },
  {
    callingCode: '84',
    shape: /^1\d{9}$/,
    rewrite: old => {
      const now = VIETNAM[old.slice(0, 3)]
      return now === undefined ? undefined : `${now}${old.slice(3)}`
    },
    source:
      'Vietnam: mobile numbers of eleven digits now have ten (Ministry of Information and Communications, since 2018-09-15)',
  },
  {
    callingCode: '225',
    shape: /^\d{8}$/,
    rewrite: old => {
      const now = IVORY_COAST.find(([, prefixes]) => prefixes.test(old))?.[0]
      return now === undefined ? undefined : `${now}${old}`
    },
    source:
      "Côte d'Ivoire: the operator's two digits precede the old eight (ARTCI by ITU-T E.129, 2021-01-31)",
  },
  {
    callingCode: '229',
    shape: /^\d{8}$/,
    rewrite: old => `01${old}`,
    source: 'Benin: 01 precedes the old eight digits of every number (ARCEP Bénin, 2024-11-30)',
  },
]

/** Without 186 and 188: sources disagree on which became 56 and which 58. */
const VIETNAM: Readonly<Record<string, string>> = {
  ...{ 162: '32', 163: '33', 164: '34', 165: '35', 166: '36', 167: '37', 168: '38', 169: '39' },
  ...{ 120: '70', 121: '79', 122: '77', 126: '76', 128: '78' },
  ...{ 123: '83', 124: '84', 125: '85', 127: '81', 129: '82' },
  ...{ 199: '59' },
}

/**
 * Mobiles by the first two digits of the old number. Without landlines (2 and 3), whose new digits depend on the
 * district.
 */
const IVORY_COAST: readonly (readonly [now: string, prefixes: RegExp])[] = [
  ['01', /^(?:0[1-3]|4[0-3]|5[0-3]|7[0-3])/],
  ['05', /^(?:0[4-6]|4[4-6]|5[4-6]|6[4-6]|7[4-6]|8[4-6]|9[4-6])/],
  ['07', /^(?:0[7-9]|4[7-9]|5[7-9]|6[7-9]|7[7-9]|8[7-9]|9[78])/],
]
