import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInbox } from './inbox.ts'
import type { Message } from './message.ts'

test('keeps the newest messages in order and forgets the oldest, by list and by ID', () => {
  const inbox = createInbox(3)
  for (const id of ['a', 'b', 'c', 'd', 'e']) inbox.add(message(id))
  assert.deepEqual(ids(inbox.list()), ['c', 'd', 'e'])
  assert.deepEqual(ids(inbox.list(2)), ['d', 'e'])
  assert.equal(inbox.get('b'), undefined)
  assert.equal(inbox.get('d')?.messageId, 'd')
})

test('is empty after it is cleared', () => {
  const inbox = createInbox(2)
  for (const id of ['a', 'b', 'c']) inbox.add(message(id))
  inbox.clear()
  inbox.add(message('d'))
  assert.deepEqual(ids(inbox.list()), ['d'])
  assert.equal(inbox.get('c'), undefined)
})

test('notifies subscribers until they leave', () => {
  const inbox = createInbox()
  const events: string[] = []
  const leave = inbox.subscribe({
    arrived: arrived => events.push(arrived.messageId),
    changed: ({ messageId, finalEvent }) => events.push(`${messageId} ${finalEvent}`),
    cleared: () => events.push('cleared'),
  })
  inbox.add(message('a'))
  inbox.end('a', 'TEXT_DELIVERED')
  inbox.end('gone', 'TEXT_DELIVERED')
  assert.equal(inbox.get('a')?.finalEvent, 'TEXT_DELIVERED')
  inbox.clear()
  leave()
  inbox.add(message('b'))
  assert.deepEqual(events, ['a', 'a TEXT_DELIVERED', 'cleared'])
})

function ids(messages: readonly Message[]): readonly string[] {
  return messages.map(({ messageId }) => messageId)
}

function message(messageId: string): Message {
  return {
    messageId,
    receivedAt: '2026-01-02T03:04:05.678Z',
    channel: 'sms',
    operation: 'SendTextMessage',
    from: 'ACME',
    to: '+14155550142',
    body: 'Hello',
  }
}
