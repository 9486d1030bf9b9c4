/** AWS End User Messaging's VoiceId values by the language that they speak. Source: the service model, 2026. */
export const voicesByLocale: Readonly<Record<string, readonly string[]>> = {
  ar: ['ZEINA'],
  cy: ['GWYNETH'],
  da: ['MADS', 'NAJA'],
  de: ['HANS', 'MARLENE', 'VICKI'],
  'en-AU': ['NICOLE', 'RUSSELL'],
  'en-GB': ['AMY', 'BRIAN', 'EMMA'],
  'en-IN': ['RAVEENA'],
  'en-US': ['IVY', 'JOANNA', 'JOEY', 'JUSTIN', 'KENDRA', 'KIMBERLY', 'MATTHEW', 'SALLI'],
  'es-ES': ['CONCHITA', 'ENRIQUE', 'LUCIA'],
  'es-MX': ['MIA'],
  'es-US': ['LUPE', 'MIGUEL', 'PENELOPE'],
  'fr-CA': ['CHANTAL'],
  'fr-FR': ['CELINE', 'LEA', 'MATHIEU'],
  is: ['DORA', 'KARL'],
  it: ['BIANCA', 'CARLA', 'GIORGIO'],
  ja: ['MIZUKI', 'TAKUMI'],
  ko: ['SEOYEON'],
  nb: ['LIV'],
  nl: ['LOTTE', 'RUBEN'],
  pl: ['EWA', 'JACEK', 'JAN', 'MAJA'],
  'pt-BR': ['CAMILA', 'RICARDO', 'VITORIA'],
  'pt-PT': ['CRISTIANO', 'INES'],
  ro: ['CARMEN'],
  ru: ['MAXIM', 'TATYANA'],
  sv: ['ASTRID'],
  tr: ['FILIZ'],
  zh: ['ZHIYU'],
}

/** The locale that a voice speaks; undefined for no voice of AWS. */
export function localeOfVoice(voiceId: string): string | undefined {
  return Object.entries(voicesByLocale).find(([, voices]) => voices.includes(voiceId))?.[0]
}
