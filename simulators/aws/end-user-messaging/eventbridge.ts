import { randomUUID } from 'node:crypto'
import type { EventRequest } from './event-post.ts'
import type { EventsSetting } from './events-setting.ts'
import type { MessageEvent } from './message-event.ts'

/**
 * An event as it goes over the account's default bus: the user guide, "Monitoring with EventBridge". AWS's samples there
 * have no destination and no context; whoever listens has only the message ID to go by.
 */
export function eventBridgeRequest(
  event: MessageEvent,
  setting: Pick<EventsSetting, 'topicArn'>,
  now: Date,
): EventRequest {
  const { destinationPhoneNumber: _to, context: _context, ...detail } = event
  // arn:aws:sns:region:account:topic
  const [, , , region, account] = setting.topicArn.split(':')
  const channel = event.eventType.startsWith('TEXT_') ? 'Text' : 'Voice'
  return {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
    },
    body: JSON.stringify({
      version: '0',
      id: randomUUID(),
      'detail-type': `${channel} Message Delivery Status Updated`,
      source: 'aws.sms-voice',
      account,
      time: now.toISOString().replace(/\.\d+/, ''),
      region,
      resources: [],
      detail,
    }),
  }
}
