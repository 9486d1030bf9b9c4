/** The languages in which Okta itself writes to users, as it names them in `locale`: 28. */
export const oktaLocales: readonly string[] =
  // Okta's default message templates: https://developer.okta.com/docs/reference/api/templates/
  'cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi zh-CN zh-TW'.split(' ')
