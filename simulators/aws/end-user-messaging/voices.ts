/** The voice that AWS uses by default. */
export const DEFAULT_VOICE = 'MATTHEW'

/** The language an Amazon Polly voice speaks, as a BCP 47 tag; American English if the voice is unknown. */
export function languageOfVoice(voiceId: string | undefined): string {
  return LANGUAGES.get(voiceId ?? DEFAULT_VOICE) ?? 'en-US'
}

const VOICES_BY_LANGUAGE = {
  ar: ['ZEINA'],
  'cmn-CN': ['ZHIYU'],
  'cy-GB': ['GWYNETH'],
  'da-DK': ['MADS', 'NAJA'],
  'de-DE': ['HANS', 'MARLENE', 'VICKI'],
  'en-AU': ['NICOLE', 'RUSSELL'],
  'en-GB': ['AMY', 'BRIAN', 'EMMA', 'GERAINT'],
  'en-IN': ['RAVEENA'],
  'en-US': ['IVY', 'JOANNA', 'JOEY', 'JUSTIN', 'KENDRA', 'KIMBERLY', 'MATTHEW', 'SALLI'],
  'es-ES': ['CONCHITA', 'ENRIQUE', 'LUCIA'],
  'es-MX': ['MIA'],
  'es-US': ['LUPE', 'MIGUEL', 'PENELOPE'],
  'fr-CA': ['CHANTAL'],
  'fr-FR': ['CELINE', 'LEA', 'MATHIEU'],
  'is-IS': ['DORA', 'KARL'],
  'it-IT': ['BIANCA', 'CARLA', 'GIORGIO'],
  'ja-JP': ['MIZUKI', 'TAKUMI'],
  'ko-KR': ['SEOYEON'],
  'nb-NO': ['LIV'],
  'nl-NL': ['LOTTE', 'RUBEN'],
  'pl-PL': ['EWA', 'JACEK', 'JAN', 'MAJA'],
  'pt-BR': ['CAMILA', 'RICARDO', 'VITORIA'],
  'pt-PT': ['CRISTIANO', 'INES'],
  'ro-RO': ['CARMEN'],
  'ru-RU': ['MAXIM', 'TATYANA'],
  'sv-SE': ['ASTRID'],
  'tr-TR': ['FILIZ'],
} as const

/** Every value of VoiceId in AWS's service model. */
export const VOICE_IDS: readonly string[] = Object.values(VOICES_BY_LANGUAGE).flat()

const LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(VOICES_BY_LANGUAGE).flatMap(([language, voices]) =>
    voices.map(voice => [voice, language] as const),
  ),
)
