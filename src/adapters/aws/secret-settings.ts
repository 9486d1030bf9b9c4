/** The text of a secret by its name or ARN; undefined if it has no text. Rejects with AWS's own errors. */
export type ReadSecret = (secretId: string) => Promise<string | undefined>

/** The settings in a secret of AWS Secrets Manager: a JSON object of names and strings. */
export async function readSecretSettings(
  secretId: string,
  readSecret: ReadSecret,
): Promise<Readonly<Record<string, string>>> {
  return readTexts(secretId, (await readSecret(secretId)) ?? '')
}

/** The error never contains the value of the secret. */
function readTexts(secretId: string, text: string): Readonly<Record<string, string>> {
  const json = parse(text)
  const isFlat =
    typeof json === 'object' && json !== null && Object.values(json).every(value => typeof value === 'string')
  if (isFlat) return json as Record<string, string>
  throw new Error(
    `HOOKLINE_SECRET_ID: the secret ${secretId} is not a JSON object of strings; expected {"HOOKLINE_HASH_KEY": "…"}.`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
