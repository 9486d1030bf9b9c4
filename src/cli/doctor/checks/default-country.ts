import { defineCheck } from '../check.ts'

export const defaultCountryCheck = defineCheck({
  name: 'default country',
  sentence: 'No number was refused because it has no + and may be several.',
  severity: 'warning',
  remedy:
    'Store numbers in E.164 in Okta. If those without + are of one country, HOOKLINE_DEFAULT_COUNTRY (parameter DefaultCountry) settles it.',
  needs: ['policy'],
  judge: ({ policy: { deliveries, rules } }) => {
    const refused = deliveries.filter(({ end }) => 'code' in end && end.code === 'NUMBER_AMBIGUOUS').length
    const country = rules.defaultCountry
    const where = country === undefined ? 'without a default country' : `in the default country ${country}`
    return refused === 0
      ? []
      : [
          {
            cause: `Of the newest ${deliveries.length} deliveries, ${refused} were refused as NUMBER_AMBIGUOUS ${where}.`,
            ...(country !== undefined && { remedy: 'Store these numbers in E.164 in Okta.' }),
          },
        ]
  },
  detail: ({ policy: { rules } }) =>
    rules.defaultCountry === undefined
      ? 'HOOKLINE_DEFAULT_COUNTRY is not set: without + only what can be one number alone is sent, and never eleven digits that begin with 1.'
      : `Numbers without + are read in ${rules.defaultCountry}.`,
})
