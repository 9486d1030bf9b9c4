import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRestApiEvent } from '../../http/rest-api.ts'
import { canaryCaller } from '../../okta/canary-caller.ts'
import { beganAt, type CanaryHour, canaryCall, isCanaryCall, isCanaryHour } from './canary-hour.ts'

const HOUR: CanaryHour = { source: 'aws.events', time: '2026-01-05T11:00:00Z', detail: {} }
const NOW = Date.UTC(2026, 0, 5, 11, 0, 30)

async function numberOf(event: CanaryHour, ofSettings: 'GB' | 'off'): Promise<unknown> {
  const body = await canaryCall(event, ofSettings, NOW).readBody()
  assert.ok(body.kind === 'json')
  const { data } = body.json as {
    readonly data: { readonly messageProfile: { readonly phoneNumber: string } }
  }
  return data.messageProfile.phoneNumber
}

describe('the canary of an hour', () => {
  it('goes to the country of the settings, unless the event names another one of the simulator', async () => {
    assert.equal(await numberOf(HOUR, 'GB'), '+447860019066')
    assert.equal(await numberOf(HOUR, 'off'), '+14254147755')
    assert.equal(await numberOf({ ...HOUR, detail: { country: 'ES' } }, 'GB'), '+34683783440')
    for (const country of ['DE', '+12065550100', '__proto__', ''])
      assert.equal(await numberOf({ ...HOUR, detail: { country } }, 'GB'), '+447860019066')
  })

  it('is known by its time, and arrives now, however late the event is', () => {
    assert.equal(beganAt(HOUR), Date.UTC(2026, 0, 5, 11))
    assert.equal(canaryCall(HOUR, 'GB', NOW).gateway?.arrivedAt, NOW)
  })

  it('is no request of the gateway, whatever a caller sends', () => {
    const request = {
      headers: { source: 'aws.events', authorization: 'Canary 1.x' },
      body: JSON.stringify(HOUR),
      isBase64Encoded: false,
      requestContext: { requestTimeEpoch: NOW, authorizer: { ...canaryCaller } },
    }
    assert.equal(isCanaryHour(request), false)
    assert.equal(isCanaryCall(readRestApiEvent(request)), false)
    assert.equal(isCanaryHour(HOUR), true)
    assert.equal(isCanaryCall(canaryCall(HOUR, 'GB', NOW)), true)
  })
})
