import ar from '../../messages/ar.json' with { type: 'json' }
import bg from '../../messages/bg.json' with { type: 'json' }
import ca from '../../messages/ca.json' with { type: 'json' }
import cy from '../../messages/cy.json' with { type: 'json' }
import et from '../../messages/et.json' with { type: 'json' }
import fil from '../../messages/fil.json' with { type: 'json' }
import he from '../../messages/he.json' with { type: 'json' }
import hi from '../../messages/hi.json' with { type: 'json' }
import hr from '../../messages/hr.json' with { type: 'json' }
import is from '../../messages/is.json' with { type: 'json' }
import lt from '../../messages/lt.json' with { type: 'json' }
import lv from '../../messages/lv.json' with { type: 'json' }
import sk from '../../messages/sk.json' with { type: 'json' }
import sl from '../../messages/sl.json' with { type: 'json' }
import srLatn from '../../messages/sr-Latn.json' with { type: 'json' }
import { type ShippedLanguage, shippedLanguages } from './shipped-languages.ts'
import { templatesOf } from './shipped-templates.ts'

/** Every language of `messages/`, also those that a new store does not have. For commands: no function loads this file. */
export function allLanguages() {
  return [...shippedLanguages, ...optionalLanguages].map(language => ({
    ...language,
    isOn: shippedLanguages.includes(language),
    templates: templatesOf(language),
  }))
}

/** Languages for `hookline templates enable`, because no native reader has confirmed them yet. */
export const optionalLanguages: readonly ShippedLanguage[] = [
  ar,
  bg,
  ca,
  cy,
  et,
  fil,
  he,
  hi,
  hr,
  is,
  lt,
  lv,
  sk,
  sl,
  srLatn,
]
