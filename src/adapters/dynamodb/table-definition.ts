/**
 * The table as input of `CreateTable`; docs/decisions/0007 describes its content. On AWS, the stack creates the same
 * table, with `EXPIRY_ATTRIBUTE` as its time to live.
 */
export const tableDefinition = {
  AttributeDefinitions: ['pk', 'sk', 'day', 'at', 'eventId', 'login'].map(AttributeName => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-day',
      KeySchema: keySchema('day', 'at'),
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
    {
      IndexName: 'by-event',
      KeySchema: keySchema('eventId', 'at'),
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
    {
      IndexName: 'by-login',
      KeySchema: [{ AttributeName: 'login', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST' as const,
}

/** Seconds since 1970. @internal */
export const EXPIRY_ATTRIBUTE = 'expires'

function keySchema(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ]
}
