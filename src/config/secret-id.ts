import { anyText, fromResource, setting } from './setting.ts'

/** Read before all other settings: the values in the secret are used as if they were in the environment. */
export const secretId = setting({
  name: 'HOOKLINE_SECRET_ID',
  read: anyText,
  allowed: 'a name or ARN',
  meaning:
    'Secret in AWS Secrets Manager with HOOKLINE_HASH_KEY, and any other secret settings: a JSON object with these names (output `HashKeySecretArn` of a deployment). Its values are used as if they were in the environment.',
  deployed: fromResource({ hook: 'hashKeySecret', events: 'hashKeySecret' }),
})

/** The same for the secrets of callers, which only the function that authenticates them may read. */
export const hookSecretId = setting({
  name: 'HOOKLINE_HOOK_SECRET_ID',
  read: anyText,
  allowed: 'a name or ARN',
  meaning:
    'Secret in AWS Secrets Manager with HOOKLINE_SECRETS and HOOKLINE_ORG_SECRETS, in the same form (output `HookSecretArn`).',
  deployed: fromResource({ authorizer: 'hookSecret' }),
})

/** The same for the secrets of event hooks, which only one function may read. */
export const eventSecretId = setting({
  name: 'HOOKLINE_EVENT_SECRET_ID',
  read: anyText,
  allowed: 'a name or ARN',
  meaning:
    'Secret in AWS Secrets Manager with HOOKLINE_EVENT_SECRETS and HOOKLINE_ORG_EVENT_SECRETS, in the same form (output `EventSecretArn`).',
  deployed: fromResource({ events: 'eventSecret' }),
})

/** Of all secrets: a command may use any of them. */
export const secretIds = [secretId, hookSecretId, eventSecretId]
