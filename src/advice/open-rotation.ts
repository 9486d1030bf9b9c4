/** What an open rotation of the hash key means, what it costs, and how it ends: `HOOKLINE_OTHER_HASH_KEY` is set. */
export const openRotation = {
  meaning:
    'A rotation of the hash key is open (HOOKLINE_OTHER_HASH_KEY is set): each code is counted under both keys, which costs two more write units in DynamoDB, and `forget` needs both the user and the number.',
  end: 'If the two keys have not changed places yet, exchange them once every process has both. 180 days after the exchange, remove HOOKLINE_OTHER_HASH_KEY from everything that has it. Earlier, what is kept under the previous key is lost: docs/deploying.md#rotating-the-hash-key.',
} as const
