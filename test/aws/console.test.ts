import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Statement } from '../../simulators/aws/iam/iam.ts'
import type { ListedDelivery } from '../../src/core/records/delivery-store.ts'
import { consoleVisits, type KnownToConsole } from '../fixtures/console-visits.ts'
import { openVisitor } from '../support/console-visitor.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startProgram } from '../world/processes.ts'
import { startWorld } from '../world/world.ts'

const NUMBER = '+12065550123'
const CODE = '90817263'
const OPTED_OUT = '+12065550124'
const USER = { userId: '00uyyxxSknGtK8022w0g3', login: 'eve@acme.example' }

const statement = (...Action: readonly string[]): Statement => ({ Effect: 'Allow', Action, Resource: '*' })
/** docs/console.md names these rights. */
const READS = [
  statement('cloudformation:DescribeStacks', 'kms:Decrypt'),
  statement('dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'),
]
const SEARCHES = [...READS, statement('secretsmanager:GetSecretValue'), statement('sms-voice:Describe*')]
const EVERYTHING = [
  ...SEARCHES,
  statement('dynamodb:UpdateItem', 'sms-voice:DeleteOptedOutNumber', 'sms-voice:SendTextMessage'),
]

describe("hookline console --stack, on a deployment's table", { timeout: 240_000 }, () => {
  let world: DeployedWorld
  let delivered: ListedDelivery
  let known: KnownToConsole
  before(async () => {
    world = await startWorld({ hook: 'deployed', parameters: { BudgetMs: '2500' } })
    await world.callCarrier('PUT', '/account', { optedOut: [{ number: OPTED_OUT }] })
    await world.call({ to: NUMBER, code: CODE, user: USER, eventId: 'uS5871kJThSMU8qlA1LTcg' })
    await world.call({ to: OPTED_OUT, user: { userId: '00uother', login: 'ben@example.com' } })
    await world.allDelivered()
    const all = await world.store.listDeliveries({ limit: 10 })
    const [first, second] = all
    assert.ok(first && second && all.length === 2)
    assert.equal('code' in second.end && second.end.code, 'RECIPIENT_OPTED_OUT')
    delivered = first
    const { position: _, progress: __, answered: ___, ...opened } = delivered
    const now = world.clock.now()
    await world.store.settle({
      ...{ ...opened, id: 'held', duplicateKey: 'held', openedAt: now },
      end: { state: 'refused', at: now, code: 'FRAUD_PREFIX', detail: 'as it was', attempts: [] },
    })
    const until = now + 86_400_000
    const override = {
      what: 'expect',
      whom: { kind: 'country', country: 'FR' },
      count: 50,
      at: now,
      until,
    } as const
    const author = { author: 'a test', because: 'a wave' }
    await world.store.saveFraudPolicy(
      { mode: 'observe', modes: {}, overrides: [{ ...override, ...author }] },
      { ...author, at: now },
    )
    const template = { channel: 'sms', locale: 'de', purpose: 'mfa-verification' } as const
    const [inForce] = await world.store.readTemplateVersions(template)
    assert.ok(inForce)
    const { version, author: _author, savedAt: _savedAt, ...text } = inForce
    await world.store.saveTemplates([{ ...text, text: '{code} ist Ihr Code.', replaces: version }], {
      ...author,
      at: now,
    })
    known = {
      version: version + 1,
      ...{ held: 'held', optedOut: second.id, optedOutNumber: OPTED_OUT },
      ...{
        numberDigest: first.numberDigest,
        userDigest: first.userDigest ?? '',
        eventId: first.eventId ?? '',
      },
      override: JSON.stringify(['expect', now, until, 'a test']),
    }
  })
  after(() => world?.[Symbol.asyncDispose]())

  /** The command as an operator with these rights runs it, and a browser that it let in. */
  const opened = async (statements: readonly Statement[], args: readonly string[] = []) => {
    const roleArn = `arn:aws:iam::${world.stack.account}:role/help-desk`
    const own = world.front.environmentFor({ function: 'operator', roleArn, statements })
    const stdout = join(world.folder, `console-${Math.random()}`)
    const program = await startProgram(
      'src/main/hookline.ts',
      ['console', '--stack', world.stack.name, '--port', '0', ...args],
      // Whatever else it asks AWS reaches the stand-in too.
      {
        env: { ...own, AWS_ENDPOINT_URL: world.front.url, AWS_REGION: world.stack.region },
        stdout,
        stderr: join(world.folder, 'console-errors'),
      },
    )
    const visitor = await openVisitor(program.ready.ready)
    return {
      ...visitor,
      output: () => readFileSync(stdout, 'utf8'),
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    }
  }
  /** Without the checks of the doctor, which ask more than AWS's stand-ins. */
  const visits = () =>
    consoleVisits(known).filter(({ method, path }) => method === 'GET' || path !== '/doctor')
  const showsNoNumber = (text: string, what: string): void =>
    assert.doesNotMatch(text, /90817263|2065550123|5550123|2065550124|5550124|@acme\.example/, what)

  test('shows every page to who may only read, and each button says which right it lacks', async () => {
    await using console = await opened(READS)
    const problems: string[] = []
    for (const visit of visits()) {
      const { method, path, fields, needs } = visit
      const { status, text } = await (method === 'GET' ? console.get(path) : console.post(path, fields))
      const main = text.replace(/[\s\S]*<main[^>]*>/, '')
      const isRight =
        needs === undefined
          ? status < 400 || /unknown/.test(path)
          : new RegExp(`ask an administrator of the account for ${expected(needs)}\\.`).test(main)
      if (!isRight) problems.push(`${method} ${path}: ${status} ${main}`)
      showsNoNumber(text, `${method} ${path}`)
    }
    assert.deepEqual(problems, [])
    showsNoNumber(console.output(), 'output')
    assert.equal((await world.messages()).length, 1, 'nothing was sent')
  })
  /** Of several rights that a button lacks, the first that it asks for is named. */
  const expected = (needs: string): string =>
    needs === 'sms-voice:DeleteOptedOutNumber' ? '(secretsmanager:GetSecretValue|sms-voice:\\w+)' : needs

  test('shows the open alarms of the deployment with what to do, and names the right to read them', async () => {
    const { alarms } = world.front
    const since = world.clock.now() - 600_000
    alarms.decide('AlarmErrors', 'ALARM', since)
    alarms.decide('AlarmFailures', 'OK', since)
    const all = world.stack.ofType('AWS::CloudWatch::Alarm')
    const [errors] = all.filter(({ logicalId }) => logicalId === 'AlarmErrors')
    {
      await using console = await opened([...READS, statement('cloudwatch:DescribeAlarms')])
      alarms.failNext('ThrottlingException')
      const { text } = await console.get('/')
      const open = [...text.matchAll(/<li class="bad"><strong>Alarm<\/strong>([\s\S]*?)<\/li>/g)]
      assert.equal(open.length, 1, text)
      assert.ok(open[0]?.[1]?.includes(`<code>${errors?.ref}</code>`))
      assert.ok(open[0]?.[1]?.includes(`datetime="${new Date(since).toISOString()}"`))
      assert.match(open[0]?.[1] ?? '', /Okta got no usable answer five times in 5 minutes/)
      assert.ok(all.length > 10)
      assert.match(text, new RegExp(`Alarms: ${all.length} of the deployment`))
    }
    await using console = await opened(READS)
    const { status, text } = await console.get('/')
    assert.equal(status, 200)
    assert.match(text, /could not be read\. [^<]*cloudwatch:DescribeAlarms/)
    assert.match(text, /<h2>Held by the fraud rule<\/h2>/)
  })

  test('says under --read-only that nothing can be changed, whatever the rights are', async () => {
    await using console = await opened(EVERYTHING, ['--read-only'])
    for (const { kind, path, fields } of visits()) {
      if (kind !== 'change') continue
      const { status, text } = await console.post(path, fields)
      assert.equal(status, 403, path)
      assert.match(text, /read-only/, path)
    }
    assert.equal((await world.messages()).length, 1, 'nothing was sent')
  })

  test('changes what the buttons say with the rights for it, and logs it', async () => {
    await using console = await opened(EVERYTHING)
    const { location } = await console.post('/person/search', { q: USER.login })
    const person = await console.get(location)
    assert.match(person.text, /This look-up is in the log of changes/)
    assert.match(person.text, /What to say to the caller/)
    const problems: string[] = []
    for (const { method, path, fields } of visits()) {
      const { status, text } = await (method === 'GET' ? console.get(path) : console.post(path, fields))
      const main = text.replace(/[\s\S]*<main[^>]*>/, '')
      if (
        !(status < 400 || /unknown/.test(path)) ||
        /class="[^"]*\b(?:bad|warn)"[^>]*role="alert"/.test(main)
      )
        problems.push(`${method} ${path}: ${status} ${main}`)
      showsNoNumber(text, `${method} ${path}`)
    }
    assert.deepEqual(problems, [])
    const { templates = [], fraud, limits } = (await world.store.readPolicy()) ?? {}
    const textOf = (purpose: string) =>
      templates.find(one => one.channel === 'sms' && one.locale === 'de' && one.purpose === purpose)?.text
    assert.equal(textOf('any'), '{code} ist Ihr Code')
    assert.notEqual(textOf('mfa-verification'), '{code} ist Ihr Code.', 'it is as in version 1')
    assert.equal(fraud?.mode, 'enforce')
    assert.deepEqual(fraud?.overrides.map(({ what, whom: { kind } }) => `${what} ${kind}`).toSorted(), [
      'allow number',
      'allow prefix',
      'deny prefix',
      'expect country',
    ])
    assert.equal(limits?.mode, 'observe')
    const { optedOut } = (await world.callCarrier('GET', '/account')) as {
      readonly optedOut: readonly unknown[]
    }
    assert.deepEqual(optedOut, [])
    assert.equal((await world.messages()).length, 2, 'a test send')
    const changes = await world.store.listChanges({ limit: 100 })
    const kinds = new Set(changes.map(({ what }) => what))
    for (const what of ['templates', 'fraud', 'limits', 'optouts', 'lookups'] as const)
      assert.ok(kinds.has(what), what)
    assert.doesNotMatch(JSON.stringify(changes), /2065550123|2065550124|@acme/)
  })

  test('does not begin without the right to read the stack, and names it', async () => {
    await assert.rejects(opened([]))
    const errors = readFileSync(join(world.folder, 'console-errors'), 'utf8')
    assert.match(errors, /cloudformation:DescribeStacks/)
  })
})
