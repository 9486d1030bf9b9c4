import { randomBytes } from 'node:crypto'
import type { Resource, Stack } from '../template/stack.ts'

/** Secrets Manager with the secrets of a template, generated according to `GenerateSecretString`. */
export type Secrets = {
  /** Undefined for an unknown secret. */
  readonly get: (
    secretId: unknown,
  ) => { readonly arn: string; readonly name: string; readonly text: string } | undefined
}

export function createSecrets(stack: Stack): Secrets {
  const texts = new Map(
    stack.ofType('AWS::SecretsManager::Secret').map(secret => [secret.ref, textOf(secret)] as const),
  )
  const find = (secretId: unknown): Resource | undefined =>
    stack
      .ofType('AWS::SecretsManager::Secret')
      .find(({ ref, properties }) => ref === secretId || properties.Name === secretId)
  return {
    get: secretId => {
      const secret = find(secretId)
      const text = secret && texts.get(secret.ref)
      return text === undefined || secret === undefined
        ? undefined
        : { arn: secret.ref, name: String(secret.properties.Name ?? secret.logicalId), text }
    },
  }
}

type Generating = {
  readonly SecretStringTemplate?: string
  readonly GenerateStringKey?: string
  readonly PasswordLength?: number | string
  readonly ExcludePunctuation?: boolean | string
  readonly ExcludeCharacters?: string
  readonly IncludeSpace?: boolean | string
}

function textOf({ logicalId, properties }: Resource): string | undefined {
  if (typeof properties.SecretString === 'string') return properties.SecretString
  if (properties.GenerateSecretString === undefined) return undefined
  const rules = properties.GenerateSecretString as Generating
  const made = generate(rules)
  const { SecretStringTemplate, GenerateStringKey } = rules
  if (SecretStringTemplate === undefined) return made
  if (GenerateStringKey === undefined)
    throw new Error(`${logicalId} has a template for its secret, and no key`)
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: made })
}

/** Uses every kind of character that is not excluded. */
function generate({
  PasswordLength = 32,
  ExcludePunctuation,
  ExcludeCharacters = '',
  IncludeSpace,
}: Generating) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const punctuation = String(ExcludePunctuation) === 'true' ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
  const space = String(IncludeSpace) === 'true' ? ' ' : ''
  const characters = [...(letters + punctuation + space)].filter(one => !ExcludeCharacters.includes(one))
  return [...randomBytes(Number(PasswordLength))].map(byte => characters[byte % characters.length]).join('')
}
