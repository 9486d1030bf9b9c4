import { countryName, forgottenNeighbours, servedLike } from '../../../advice/coverage/countries.ts'
import { coverage } from '../../../advice/coverage/coverage.ts'
import { coverCountry } from '../../../advice/coverage/route-coverage.ts'
import { readIcuTemplate } from '../../../core/message/icu-template.ts'
import { defaultBrand } from '../../../core/message/template-values.ts'
import { type Policy, policyOf } from '../../../core/policy/policy.ts'
import { channels } from '../../../core/values/request.ts'
import { defineCheck } from '../check.ts'
import { texts } from '../texts.ts'

export const settingsCheck = defineCheck({
  ...texts.settings.check,
  severity: 'error',
  needs: ['settingProblems'],
  judge: ({ settingProblems }) => settingProblems.map(texts.settings.problem),
})

export const clockCheck = defineCheck({
  ...texts.clock.check,
  severity: 'error',
  needs: ['clocks'],
  judge: ({ clocks }) => {
    const wrong = clocks.filter(({ aheadMs }) => Math.abs(aheadMs) > APART_MAX_MS)
    const [first] = wrong
    if (first === undefined) return []
    const agreeing = clocks.filter(one => !wrong.includes(one)).map(({ who }) => who)
    const apart = wrong
      .map(({ who, aheadMs }) => {
        return texts.clock.apart(Math.round(Math.abs(aheadMs) / 1000), aheadMs > 0, who)
      })
      .join(', ')
    return [
      agreeing.length === 0
        ? texts.clock.wrongHere(apart)
        : texts.clock.wrongElsewhere(apart, first.who, agreeing),
    ]
  },
  detail: ({ clocks }) => texts.clock.detail(clocks.map(({ who, aheadMs }) => [who, aheadMs])),
})

const APART_MAX_MS = 60_000

export const storeCheck = defineCheck({
  ...texts.store.check,
  severity: 'error',
  needs: ['policy'],
  judge: ({ policy: { policy, where } }) =>
    policy.templates.length > 0
      ? []
      : [{ ...texts.store.noTemplates(where, policy.version), fixedBy: ['templates'] }],
  detail: ({ policy: { policy, where } }) =>
    texts.store.detail(where, policy.version, policy.routes.length, policy.templates.length),
})

export const hashKeyCheck = defineCheck({
  ...texts.hashKey.check,
  severity: 'warning',
  needs: ['rotation'],
  judge: ({ rotation: { isOpen } }) => (isOpen ? [texts.hashKey.open] : []),
})

export const routesCheck = defineCheck({
  ...texts.routes.check,
  severity: 'error',
  needs: ['policy'],
  judge: ({ policy: { policy } }) => {
    if (policy.routes.length === 0) return [texts.routes.none]
    const prepared = policyOf(policy, readIcuTemplate)
    const countries = new Set(policy.routes.map(({ country }) => country))
    return [...countries].flatMap(country =>
      channels.flatMap(channel => {
        // A country with text messages only, or calls only, is a choice.
        if (!policy.routes.some(route => route.country === country && route.channel === channel)) return []
        const { gap } = coverCountry(prepared, country, channel)
        if (gap === undefined) return []
        const text = texts.routes.gap(country, channel, gap.sentence)
        return [gap.refuses === undefined ? { ...text, severity: 'warning' as const } : text]
      }),
    )
  },
  detail: ({ policy: { policy } }) =>
    texts.routes.detail(policy.routes.length, ...forgotten(policyOf(policy, readIcuTemplate))),
})

function forgotten(policy: Policy): readonly string[] {
  const countries = [...new Set(channels.flatMap(channel => forgottenNeighbours(policy, channel)))]
  const byParent = Map.groupBy(countries, country => servedLike(country) ?? country)
  return [...byParent].map(([parent, some]) =>
    texts.routes.forgotten(
      parent,
      some.map(code => ({ code, name: countryName(code) })),
    ),
  )
}

export const templatesCheck = defineCheck({
  ...texts.templates.check,
  severity: 'error',
  needs: ['policy'],
  judge: ({ policy: { policy, rules, now } }) => {
    const { templates } = coverage(policyOf(policy, readIcuTemplate), rules, [], now)
    const gaps = templates.filter(({ gap }) => gap?.refuses !== undefined)
    const same = Map.groupBy(gaps, ({ channel, gap }) => JSON.stringify([channel, gap?.sentence]))
    return [...same.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return []
      const locales = [...new Set([first, ...others].map(({ locale }) => locale))]
      return [
        {
          severity: first.source === 'none' ? ('error' as const) : ('warning' as const),
          ...texts.templates.gap(locales, first.channel, first.gap?.sentence),
          ...(policy.templates.length === 0 && { fixedBy: ['templates'] as const }),
        },
      ]
    })
  },
  detail: ({ policy: { policy, rules } }) =>
    texts.templates.detail(policy.templates.length, rules.brand === defaultBrand ? defaultBrand : undefined),
})

export const defaultCountryCheck = defineCheck({
  ...texts.defaultCountry.check,
  severity: 'warning',
  needs: ['policy'],
  judge: ({ policy: { deliveries, rules } }) => {
    const refused = deliveries.filter(({ end }) => 'code' in end && end.code === 'NUMBER_AMBIGUOUS').length
    return refused === 0
      ? []
      : [texts.defaultCountry.refused(refused, deliveries.length, rules.defaultCountry)]
  },
  detail: ({ policy: { rules } }) => texts.defaultCountry.detail(rules.defaultCountry),
})
