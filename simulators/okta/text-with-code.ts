/** The whole text message with the code in it, as Okta's own templates would word it: Spanish for `es`, else English. */
export function textWithCode(code: string, locale: string | null): string {
  const isSpanish = /^es\b|^es_/i.test(locale ?? '')
  return isSpanish ? `Tu código de verificación es ${code}.` : `Your verification code is ${code}.`
}
