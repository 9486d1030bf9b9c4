import { Secret } from '../core/values/secret.ts'
import { secretId } from './secret-id.ts'
import {
  fromParameter,
  fromResource,
  inSecret,
  matching,
  notDeployed,
  setting,
  wholeNumber,
} from './setting.ts'

/** The store of deliveries. In a separate file because the receipts function reads no other settings than these and AWS's. */
export const store = {
  hashKey: setting({
    name: 'HOOKLINE_HASH_KEY',
    read: text => (text.length >= 32 ? new Secret(text) : undefined),
    allowed: 'at least 32 random characters',
    meaning:
      'Key of the digests in which phone numbers and users are stored. Do not just change it: with another key alone, old records are not found ([rotation](deploying.md#rotating-the-hash-key)). Required by `serve`; `start` creates one in the data folder.',
    isSecret: true,
    deployed: inSecret('hashKeySecret'),
  }),
  otherHashKey: setting({
    name: 'HOOKLINE_OTHER_HASH_KEY',
    read: text => (text.length >= 32 ? new Secret(text) : undefined),
    allowed: 'at least 32 random characters',
    meaning:
      'While the hash key is [rotated](deploying.md#rotating-the-hash-key): the next key, and later the previous one. Records under it are found, and codes under it count.',
    isSecret: true,
    deployed: inSecret('hashKeySecret'),
  }),
  dataFolder: setting({
    name: 'HOOKLINE_DATA_DIR',
    read: text => (isInProc(text) ? undefined : text),
    allowed: 'a folder, not in /proc',
    default: 'data',
    meaning: 'Folder of the store (`hookline.db`). Created if it does not exist.',
    deployed: notDeployed('only for `serve`'),
  }),
  table: setting({
    name: 'HOOKLINE_TABLE',
    read: matching(/^[\w.-]{3,255}$/),
    allowed: 'the name of a table',
    meaning: 'DynamoDB table of the store, instead of the folder (output `TableName` of a deployment).',
    deployed: fromResource({
      hook: 'table',
      receipts: 'table',
      events: 'table',
      figures: 'table',
      canary: 'table',
    }),
  }),
  secretId,
  retentionDays: setting({
    name: 'HOOKLINE_RETENTION_DAYS',
    ...wholeNumber(1, 3_650),
    default: '30',
    meaning: 'Days after which a delivery is deleted. Duplicates and limits need at most one day.',
    deployed: fromParameter(['hook', 'receipts', 'events', 'figures', 'canary'], 'RetentionDays', {
      group: 'data',
      label: 'Days that deliveries are kept',
    }),
  }),
} as const

/** The key in force, and the other one while it is rotated. */
export function hashKeysOf(
  hashKey: Secret,
  { otherHashKey }: { readonly otherHashKey: Secret | undefined },
): readonly [Secret, ...Secret[]] {
  return otherHashKey === undefined ? [hashKey] : [hashKey, otherHashKey]
}

/** Node never returns when it is to make a folder there with its parents: it tries again while the system says ENOENT. */
function isInProc(path: string): boolean {
  const folders: string[] = []
  for (const name of path.split('/'))
    if (name === '..') folders.pop()
    else if (name !== '' && name !== '.') folders.push(name)
  return path.startsWith('/') && folders[0] === 'proc'
}

/** What an open rotation of the hash key means, what it costs, and how it ends: `HOOKLINE_OTHER_HASH_KEY` is set. */
export const openRotation = {
  meaning:
    'A rotation of the hash key is open (HOOKLINE_OTHER_HASH_KEY is set): each code is counted under both keys, which costs two more write units in DynamoDB, and `forget` needs both the user and the number.',
  end: 'If the two keys have not changed places yet, exchange them once every process has both. 180 days after the exchange, remove HOOKLINE_OTHER_HASH_KEY from everything that has it. Earlier, what is kept under the previous key is lost: docs/deploying.md#rotating-the-hash-key.',
} as const
