import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Route } from '../../core/policy/route.ts'
import { Problem } from '../terminal/problem.ts'
import { readRoutesFile, routesToFile } from './routes-file.ts'

const read = (content: unknown) => readRoutesFile(JSON.stringify(content), 'routes.json', 'us-east-1')
const routesOf = (content: unknown): readonly Route[] => read(content).routes

function problemOf(text: string): string {
  try {
    readRoutesFile(text, 'routes.json', 'us-east-1')
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.equal(error.exitCode, 2)
    return error.message
  }
  return assert.fail('it was taken')
}
const problemsOf = (content: unknown): readonly string[] => {
  const [head, ...lines] = problemOf(JSON.stringify(content)).split('\n')
  assert.equal(head, 'routes.json was not imported:')
  return lines.map(line => line.trim())
}
const FORMS = 'expected a phone number, pool, sender ID or RCS agent, or its ARN.'

describe("the guidance's form", () => {
  const report = read({
    US: '+1866XXXXXXX',
    CA: 'arn:aws:sms-voice:us-east-1:700XXXXXXX:phone-number/phone-eeXXXXXXXXX',
    DE: 'arn:aws:sms-voice:us-east-1:700XXXXXXX:sender-id/Sender/DE',
    GB: 'phone-1234567890abcdef',
    JP: '12345',
  })

  it('uses one identity for both channels, but not for calls if it cannot call', () => {
    const byChannel = (wanted: string) =>
      report.routes.filter(({ channel }) => channel === wanted).map(({ country }) => country)
    assert.deepEqual(byChannel('sms'), ['US', 'CA', 'DE', 'GB', 'JP'])
    assert.deepEqual(byChannel('voice'), ['US', 'CA', 'GB'])
    assert.deepEqual(report.routes[0], {
      country: 'US',
      channel: 'sms',
      candidates: [{ identity: '+1866XXXXXXX' }],
    })
  })

  it('reports what was imported', () => {
    assert.equal(report.taken.length, report.routes.length)
    assert.equal(report.taken[0], 'US sms: +1866XXXXXXX (phone number)')
    assert.deepEqual(report.changed, [])
  })

  it('warns once about each identity that cannot call, and each example', () => {
    assert.deepEqual(report.warnings, [
      'US: +1866XXXXXXX is an example. AWS will refuse it: replace it with your own.',
      'CA: arn:aws:sms-voice:us-east-1:700XXXXXXX:phone-number/phone-eeXXXXXXXXX is an example. AWS will refuse it: replace it with your own.',
      'DE: no voice calls, because a sender ID cannot call.',
      'DE: arn:aws:sms-voice:us-east-1:700XXXXXXX:sender-id/Sender/DE is an example. AWS will refuse it: replace it with your own.',
      'JP: no voice calls, because a short code cannot call.',
    ])
  })
})

describe("Hookline's own form", () => {
  it('names channels, with lists of identities or of complete candidates', () => {
    const candidate = {
      identity: 'MyCompany',
      maxPricePerPart: 0.05,
      region: 'eu-west-1',
      partsPerSecond: 20,
      indiaEntityId: '1101',
    }
    const call = { identity: '+34911234567', maxPricePerMinute: 0.1 }
    assert.deepEqual(
      routesOf({ ES: { sms: [candidate, 'pool-1'], voice: call }, '*': { sms: '+18665550100' } }),
      [
        { country: 'ES', channel: 'sms', candidates: [candidate, { identity: 'pool-1' }] },
        { country: 'ES', channel: 'voice', candidates: [call] },
        { country: '*', channel: 'sms', candidates: [{ identity: '+18665550100' }] },
      ],
    )
  })

  it('accepts a list for both channels, and countries in any case', () => {
    const routes = routesOf({ ' es ': ['MyCompany', '+34911234567'] })
    assert.deepEqual(
      routes.map(({ country, channel, candidates }) => [country, channel, candidates.length]),
      [
        ['ES', 'sms', 2],
        ['ES', 'voice', 1],
      ],
    )
  })

  it('accepts a template for a notify configuration', () => {
    const candidate = { identity: 'notify-1234', notifyTemplateId: 'notify-code-verification-english-001' }
    assert.deepEqual(routesOf({ US: { sms: candidate } })[0]?.candidates, [candidate])
  })

  it('accepts an RCS agent for texts, by its ID or ARN, but never for calls', () => {
    const agent = 'arn:aws:sms-voice:us-east-1:123456789012:rcs-agent/rcs-0123456789abcdef0'
    assert.deepEqual(routesOf({ US: { sms: [agent, 'rcs-0123456789abcdef0'] } }), [
      {
        country: 'US',
        channel: 'sms',
        candidates: [{ identity: agent }, { identity: 'rcs-0123456789abcdef0' }],
      },
    ])
    const { routes, warnings } = read({ US: 'rcs-0123456789abcdef0' })
    assert.deepEqual(
      routes.map(({ channel }) => channel),
      ['sms'],
    )
    assert.deepEqual(warnings, ['US: no voice calls, because an RCS agent cannot call.'])
  })

  it('accepts the ARN of another region, in which it is then called', () => {
    const identity = 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1'
    assert.deepEqual(routesOf({ GB: { sms: identity } })[0]?.candidates, [{ identity }])
  })

  it('reads a channel without an identity as having none', () => {
    assert.deepEqual(
      routesOf({ ES: { sms: ['MyCompany'], voice: [] } }).map(({ channel }) => channel),
      ['sms'],
    )
  })
})

describe('a file that cannot be imported', () => {
  it('is not JSON', () => assert.match(problemOf('{ "US": '), /^routes\.json is not JSON: \S/))

  for (const text of ['[]', '"US"', '7', 'null']) {
    it(`is not an object of countries: ${text}`, () => {
      assert.match(problemOf(text), /^routes\.json is not a JSON object of countries, such as \{ "US"/)
    })
  }

  for (const [what, content, problem] of [
    [
      'a country that is none',
      { UK: 'MyCompany' },
      '"UK" is not a country code (ISO 3166 alpha-2) such as US, nor *.',
    ],
    ['a number that is no form of identity', { GB: 1234 }, `GB is 1234; ${FORMS}`],
    ['a text that is no form of identity', { GB: 'not an identity!' }, `GB is "not an identity!"; ${FORMS}`],
    ['nothing', { GB: null }, `GB is null; ${FORMS}`],
    ['an identity of the wrong form by channel', { GB: { sms: 'x y' } }, `GB.sms is "x y"; ${FORMS}`],
    [
      'a candidate without an identity',
      { GB: { sms: { region: 'us-east-1' } } },
      `GB.sms is {"region":"us-east-1"}; ${FORMS}`,
    ],
    [
      'no identity at all',
      { GB: [] },
      'GB names no origination identity; expected one, or a list under sms or voice.',
    ],
    [
      'a channel that is none',
      { GB: { sms: 'MyCompany', SMS: 'x' } },
      'GB.SMS is not a channel; expected sms or voice.',
    ],
    [
      'a price that is none',
      { GB: { sms: { identity: 'MyCompany', maxPricePerPart: '0.1' } } },
      'GB.sms.maxPricePerPart is "0.1"; expected US dollars, more than 0 and up to 10.',
    ],
    [
      'a price of nothing',
      { GB: { sms: { identity: 'MyCompany', maxPricePerPart: 0 } } },
      'GB.sms.maxPricePerPart is 0; expected US dollars, more than 0 and up to 10.',
    ],
    [
      'a price beyond reason',
      { GB: { voice: { identity: 'pool-1', maxPricePerMinute: 10.01 } } },
      'GB.voice.maxPricePerMinute is 10.01; expected US dollars, more than 0 and up to 10.',
    ],
    [
      'a region that is none',
      { GB: { sms: { identity: 'pool-1', region: 'Ireland' } } },
      'GB.sms.region is "Ireland"; expected a region such as us-east-1.',
    ],
    [
      'an ARN that its credentials cannot reach',
      { CN: { sms: 'arn:aws-cn:sms-voice:cn-north-1:123456789012:pool/pool-1' } },
      'CN.sms is arn:aws-cn:sms-voice:cn-north-1:123456789012:pool/pool-1: cn-north-1 is in partition aws-cn, where AWS does not accept the credentials of us-east-1 (partition aws).',
    ],
    [
      'an ARN of another region than it says',
      {
        GB: {
          sms: { identity: 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1', region: 'eu-west-2' },
        },
      },
      'GB.sms is arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1: its ARN is in eu-west-1, but its region is eu-west-2; leave the region out.',
    ],
    [
      'a pace that is none',
      { GB: { sms: { identity: 'pool-1', partsPerSecond: -1 } } },
      'GB.sms.partsPerSecond is -1; expected a number, more than 0 and up to 1000.',
    ],
    [
      'a registration that is no text',
      { IN: { sms: { identity: 'MyCompany', indiaEntityId: 1101 } } },
      'IN.sms.indiaEntityId is 1101; expected text.',
    ],
  ] as const) {
    it(`has ${what}`, () => assert.deepEqual(problemsOf(content), [problem]))
  }

  it('has an unknown parameter, such as a price under another name', () => {
    const [problem] = problemsOf({ GB: { sms: { identity: 'MyCompany', maxPrice: 0.1 } } })
    assert.match(problem ?? '', /^GB\.sms\.maxPrice is not known; expected identity, maxPricePerPart, /)
  })

  it('is reported with all problems at once', () => {
    const content = {
      UK: 'MyCompany',
      GB: 'x y',
      ES: { sms: ['a b', { identity: 'pool-1', maxPricePerPart: 99 }] },
      US: '+18665550100',
    }
    assert.equal(problemsOf(content).length, 4)
  })

  it('cannot reach a prototype', () => {
    assert.match(problemOf('{ "__proto__": "+18665550100" }'), /"__proto__" is not a country code/)
    assert.match(problemOf('{ "constructor": "+18665550100" }'), /"constructor" is not a country code/)
  })
})

describe('an export', () => {
  const vector = (name: string): string => new URL(`../../../test/vectors/${name}`, import.meta.url).pathname
  const { GUIDANCE_DIR: guidance } = process.env
  const files: readonly (readonly [what: string, path: string | undefined])[] = [
    ["a file of the guidance's form", vector('originationIdentities.json')],
    ['routes with parameters, regions and ARNs', vector('routes-with-notify.json')],
    ['the routes of the tests', vector('routes-of-tests.json')],
    ["the guidance's own file", guidance && join(guidance, 'originationIdentities.json')],
  ]
  for (const [what, path = ''] of files) {
    const skip =
      path === '' && "NOT JUDGED by AWS's own file: GUIDANCE_DIR does not name the folder that has it"
    it(`of ${what} is read as the same routes`, { skip }, () => {
      const { routes } = readRoutesFile(readFileSync(path, 'utf8'), path, undefined)
      assert.notEqual(routes.length, 0)
      assert.deepEqual(
        readRoutesFile(JSON.stringify(routesToFile(routes)), 'export', undefined).routes,
        routes,
      )
    })
  }

  it('writes an identity without parameters as its text, and any other with all of them', () => {
    const candidate = { identity: 'pool-1', region: 'us-west-2', partsPerSecond: 5 }
    assert.deepEqual(
      routesToFile([
        { country: 'US', channel: 'sms', candidates: [{ identity: '+12065550100' }, candidate] },
        { country: '*', channel: 'voice', candidates: [candidate] },
        { country: 'US', channel: 'voice', candidates: [{ identity: '+12065550100' }] },
      ]),
      { US: { sms: ['+12065550100', candidate], voice: ['+12065550100'] }, '*': { voice: [candidate] } },
    )
  })
})
