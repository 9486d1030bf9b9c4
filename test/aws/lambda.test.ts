import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { zipSync } from 'fflate'
import type { Invocation } from '../../simulators/aws/lambda/execution-environment.ts'
import { createLambda, type LambdaFunction } from '../../simulators/aws/lambda/lambda.ts'
import type { Properties } from '../../simulators/aws/template/template.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const CODE = `
let calls = 0
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
export const echo = async (event, context) => {
  calls += 1
  return { event, calls, context, remaining: context.getRemainingTimeInMillis() }
}
export const env = async () => ({ ...process.env })
export const fails = async () => { throw new TypeError('no such luck') }
export const never = () => pause(1e9)
export const leaves = () => process.exit(3)
export const nothing = async () => undefined
export const slow = async () => { await pause(50); return process.pid }
export const time = async () => new Date().getTime() - performance.timeOrigin - performance.now()
export const logs = async () => { console.log('one', { two: 2 }); process.stdout.write('raw\\n') }
export const old = (event, context, callback) => callback(null, 1)
export const number = 7
`

let archives: TemporaryFolder
before(() => {
  archives = temporaryFolder()
  const write = (name: string, code: string): void =>
    writeFileSync(join(archives.path, `${name}.zip`), zipSync({ 'index.mjs': Buffer.from(code) }))
  write('code', CODE)
  write('broken', 'throw new Error("not today")')
  write('wrong', 'this is not JavaScript')
})
after(() => archives[Symbol.dispose]())

let skippedMs = 0
function start(handler: string, more: Properties = {}, name = 'code'): Promise<LambdaFunction> {
  const properties = {
    Runtime: 'nodejs24.x',
    Handler: handler,
    Timeout: 1,
    MemorySize: 128,
    Code: { S3Bucket: 'bucket', S3Key: `some/where/${name}.zip` },
    Environment: { Variables: { COLOUR: 'brown' } },
    ...more,
  }
  const resource = { logicalId: 'Fn', type: 'AWS::Lambda::Function', ref: 'fn', arn: 'arn:fn', properties }
  return createLambda(
    { ...resource, dependsOn: [] },
    {
      archives: archives.path,
      region: 'eu-west-1',
      env: { AWS_ACCESS_KEY_ID: 'key' },
      skippedMs: () => skippedMs,
      processesMax: 2,
    },
  )
}

async function run(handler: string, more?: Properties, name?: string): Promise<Invocation> {
  await using lambda = await start(handler, more, name)
  return await lambda.invoke({ hello: 'you' })
}

const answerOf = (result: Invocation) => {
  assert.ok(result.kind === 'answer', JSON.stringify(result))
  return JSON.parse(result.payload)
}

describe('a function', () => {
  test('gets its event and its context, and reuses its process', async () => {
    await using lambda = await start('index.echo')
    await lambda.invoke({ first: 1 })
    const { event, calls, context, remaining } = answerOf(await lambda.invoke({ second: 2 }, 'arn:fn:live'))
    assert.deepEqual([event, calls, context.invokedFunctionArn], [{ second: 2 }, 2, 'arn:fn:live'])
    assert.deepEqual([context.functionName, context.memoryLimitInMB], ['fn', '128'])
    assert.ok(remaining > 0 && remaining <= 1_000)
  })

  test("has the template's variables and Lambda's own, and none of this process", async () => {
    const env = answerOf(await run('index.env'))
    assert.deepEqual([env.COLOUR, env.AWS_REGION, env._HANDLER], ['brown', 'eu-west-1', 'index.env'])
    assert.equal(env.AWS_ACCESS_KEY_ID, 'key')
    assert.deepEqual([env.HOME, env.NODE_TEST_CONTEXT], [undefined, undefined])
  })

  test('that returns undefined answers null', async () => {
    assert.equal(answerOf(await run('index.nothing')), null)
  })

  test('that is busy gets more processes, up to a limit, and further events wait', async () => {
    await using lambda = await start('index.slow')
    const results = await Promise.all(Array.from({ length: 6 }, () => lambda.invoke({})))
    assert.equal(new Set(results.map(answerOf)).size, 2)
    assert.equal(lambda.processes(), 2)
  })

  test('that is frozen continues where it was', async () => {
    await using lambda = await start('index.echo')
    await lambda.invoke({})
    lambda.freeze()
    assert.equal(answerOf(await lambda.invoke({})).calls, 2)
  })

  test('sees that the clock has moved on', async () => {
    await using lambda = await start('index.time')
    const before = answerOf(await lambda.invoke({}))
    skippedMs += 60_000
    const after = answerOf(await lambda.invoke({}))
    assert.ok(Math.abs(after - before - 60_000) < 5_000, `${before} ${after}`)
  })

  test("logs as Lambda's runtime does, and reports its memory", async () => {
    await using lambda = await start('index.logs')
    await lambda.invoke({})
    const [started, one, raw, ended, report] = lambda.logs()
    assert.match(started ?? '', /^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/)
    assert.match(one ?? '', /^\S+Z\t[0-9a-f-]{36}\tINFO\tone \{ two: 2 \}$/)
    assert.equal(raw, 'raw')
    assert.match(ended ?? '', /^END/)
    assert.match(report ?? '', /^REPORT .*Memory Size: 128 MB\tMax Memory Used: \d+ MB$/)
    const { peakMb, limitMb } = lambda.memory()
    assert.ok(limitMb === 128 && (process.platform !== 'linux' || peakMb > 10))
  })
})

describe("a failure is Lambda's error", () => {
  const cases: readonly (readonly [handler: string, errorType: string, says: RegExp, name?: string])[] = [
    ['index.fails', 'TypeError', /^no such luck$/],
    ['index.gone', 'Runtime.HandlerNotFound', /index\.gone is undefined or not exported/],
    ['index.number', 'Runtime.HandlerNotFound', /index\.number is not a function/],
    ['main.echo', 'Runtime.ImportModuleError', /Cannot find module 'main'/],
    ['index', 'Runtime.MalformedHandlerName', /Bad handler/],
    ['index.old', 'Runtime.CallbackHandlerDeprecated', /callback/],
    ['index.never', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds/],
    ['index.leaves', 'Runtime.ExitError', /Runtime exited with error: exit status 3/],
    ['index.echo', 'Error', /not today/, 'broken'],
    ['index.echo', 'SyntaxError', /Unexpected/, 'wrong'],
  ]
  for (const [handler, errorType, says, name] of cases) {
    test(`${handler}${name ? ` of ${name} code` : ''}: ${errorType}`, async () => {
      const result = await run(handler, {}, name)
      assert.ok(result.kind === 'error', JSON.stringify(result))
      assert.equal(result.errorType, errorType)
      assert.match(result.errorMessage, says)
    })
  }

  test('a function whose process was ended works again in a new process', async () => {
    await using lambda = await start('index.leaves')
    for (const _ of [1, 2]) assert.equal((await lambda.invoke({})).kind, 'error')
    assert.equal(lambda.processes(), 0)
  })

  test('without an archive or a bucket, or with a reserved variable, there is no function', async () => {
    await assert.rejects(run('index.echo', {}, 'gone'), /there is no .*gone\.zip/)
    await assert.rejects(run('index.echo', { Code: { S3Key: 'code.zip' } }), /Fn names no archive/)
    const Environment = { Variables: { AWS_REGION: 'here' } }
    await assert.rejects(
      run('index.echo', { Environment }),
      /Lambda keeps the variable AWS_REGION for its own use/,
    )
    const large = { Variables: { ORGS: 'x'.repeat(4_090) } }
    await assert.rejects(run('index.echo', { Environment: large }), /exceed the 4KB limit/)
  })
})
