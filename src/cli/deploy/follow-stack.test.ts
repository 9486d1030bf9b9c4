import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cloud, StackEvent } from '../terminal/cloud.ts'
import type { CloudContext } from '../terminal/context.ts'
import { followStack } from './follow-stack.ts'

const ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/hookline/1'

const event = (id: string, resource: string, status: string, reason?: string): StackEvent => ({
  id,
  at: Date.UTC(2026, 2, 1, 12),
  resource,
  type: resource === 'hookline' ? 'AWS::CloudFormation::Stack' : 'AWS::Lambda::Function',
  status,
  reason,
  isStack: resource === 'hookline',
})

/** A stack whose state and new events are given, poll by poll; the last poll repeats without events. */
async function follow(
  polls: readonly { readonly status: string; readonly events?: readonly StackEvent[] }[],
) {
  const printed: string[] = []
  let poll = -1
  const stacks = {
    find: async () => {
      poll++
      const status = (polls[poll] ?? polls.at(-1))?.status ?? ''
      return {
        id: ID,
        name: 'hookline',
        status,
        reason: undefined,
        parameters: new Map(),
        outputs: new Map(),
      }
    },
    eventsSince: async () => polls[poll]?.events ?? [],
  }
  // The parts that following needs; anything else would be an internal error.
  const cloud = { region: 'eu-west-1', stacks } as unknown as Cloud
  const context = {
    print: (text: string) => printed.push(text),
    pause: async () => undefined,
    interruption: () => new AbortController().signal,
  }
  const followed = await followStack(cloud, context as unknown as CloudContext, ID, undefined)
  return { ...followed, printed, polls: poll + 1 }
}

describe('followStack', () => {
  it('prints what is done, with a count and the time, but not what has only begun', async () => {
    const { printed } = await follow([
      { status: 'CREATE_IN_PROGRESS', events: [event('1', 'hookline', 'CREATE_IN_PROGRESS')] },
      {
        status: 'CREATE_IN_PROGRESS',
        events: [event('2', 'Hook', 'CREATE_IN_PROGRESS'), event('3', 'Hook', 'CREATE_COMPLETE')],
      },
      { status: 'CREATE_COMPLETE', events: [event('4', 'hookline', 'CREATE_COMPLETE')] },
    ])
    assert.deepEqual(printed, ['  12:00:00    1  ✓ created       function (Lambda): Hook'])
  })

  it('names the first failure, not those that were cancelled because of it', async () => {
    const { cause, printed } = await follow([
      {
        status: 'ROLLBACK_IN_PROGRESS',
        events: [
          event('1', 'Hook', 'CREATE_FAILED', 'it is taken'),
          event('2', 'Other', 'CREATE_FAILED', 'Resource creation cancelled'),
        ],
      },
      { status: 'ROLLBACK_COMPLETE', events: [event('3', 'hookline', 'ROLLBACK_COMPLETE')] },
    ])
    assert.deepEqual([cause?.resource, cause?.reason], ['Hook', 'it is taken'])
    assert.match(printed[0] ?? '', /✗ not created +function \(Lambda\): Hook\n +it is taken$/)
  })

  it('does not mistake the previous state for the end', async () => {
    const { stack, polls } = await follow([
      { status: 'UPDATE_COMPLETE' },
      { status: 'UPDATE_IN_PROGRESS', events: [event('1', 'hookline', 'UPDATE_IN_PROGRESS')] },
      { status: 'UPDATE_ROLLBACK_COMPLETE', events: [event('2', 'hookline', 'UPDATE_ROLLBACK_COMPLETE')] },
    ])
    assert.deepEqual([stack.status, polls], ['UPDATE_ROLLBACK_COMPLETE', 3])
  })

  it('also ends if the last event is missing', async () => {
    const { stack } = await follow([{ status: 'DELETE_COMPLETE' }])
    assert.equal(stack.status, 'DELETE_COMPLETE')
  })

  it('prints what it waits for if there is no event for half a minute', async () => {
    const quiet = { status: 'CREATE_IN_PROGRESS' }
    const { printed } = await follow([
      { ...quiet, events: [event('1', 'Hook', 'CREATE_IN_PROGRESS')] },
      ...Array<typeof quiet>(10).fill(quiet),
      { status: 'CREATE_COMPLETE', events: [event('2', 'hookline', 'CREATE_COMPLETE')] },
    ])
    assert.deepEqual(printed, ['  … still working: function (Lambda)'])
  })
})
