import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { consoleWith, NOON } from '../../test/fixtures/console.ts'
import type { Examination } from '../advice/examination.ts'
import { createDoctor, type Target } from './examination-run.ts'

const evil = '"><script>alert(1)</script>'
const found: Examination = {
  findings: [
    { check: 'routes', severity: 'error', cause: `No route. ${evil}`, remedy: 'Import one.' },
    { check: 'templates', severity: 'warning', cause: 'None.', remedy: 'Add them.', fix: 'templates' },
  ],
  passed: [{ check: 'clock', sentence: 'Clocks agree.', detail: evil }],
  skipped: [{ check: 'org', why: 'It needs --org.' }],
}

/** A doctor whose examination ends when the test says so. */
function worldWith() {
  const examination = Promise.withResolvers<Examination>()
  const targets: Target[] = []
  const doctor = createDoctor(
    (target, progress) => {
      targets.push(target)
      progress(`reading the store ${evil}`)
      return examination.promise
    },
    () => NOON,
  )
  const end = async (work: () => void): Promise<void> => {
    work()
    await new Promise(setImmediate)
  }
  return { ...consoleWith({ doctor, isReadOnly: true }), examination, targets, end }
}

describe('the screen of the doctor', () => {
  it('says what it checks before it was asked to, and starts nothing until then', async () => {
    const { get, targets } = worldWith()
    const { text, headers } = await get('/doctor')
    assert.match(text, /Nothing was checked since this console was started/)
    assert.equal(headers.refresh, undefined)
    assert.deepEqual(targets, [])
  })

  it('shows the progress while it runs, and loads itself again', async () => {
    const { get, post } = worldWith()
    assert.equal((await post('/doctor', {})).headers.location, '/doctor')
    const { text, headers } = await get('/doctor')
    assert.match(text, /reading the store &quot;&gt;&lt;script&gt;/)
    assert.equal(headers.refresh, '2')
    assert.doesNotMatch(text, /Run the checks/)
  })

  it('shows each finding with what to do, and the command that fixes it', async () => {
    const { get, post, examination, end } = worldWith()
    await post('/doctor', {})
    await end(() => examination.resolve(found))
    const { text, headers } = await get('/doctor')
    assert.equal(headers.refresh, undefined)
    assert.match(text, /1 error, 1 warning, 1 passed, 1 skipped\./)
    assert.match(text, /<h2 class="bad">Error: routes<\/h2>/)
    assert.match(text, /<strong>What to do:<\/strong> Import one\./)
    assert.match(text, /<code>hookline doctor --fix<\/code>/)
    assert.match(text, /1 skipped, each with the reason/)
    assert.doesNotMatch(text, /<script>/)
    assert.ok(text.indexOf('Error: routes') < text.indexOf('Warning: templates'))
  })

  it('examines what the form names, once at a time', async () => {
    const { get, post, targets } = worldWith()
    await post('/doctor', { org: ' https://example.okta.com ', stack: 'hookline', region: '' })
    await post('/doctor', {})
    assert.deepEqual(targets, [{ org: 'https://example.okta.com', stack: 'hookline' }])
    assert.match(
      (await get('/doctor')).text,
      /hookline doctor --no-preview --verbose --org https:\/\/example\.okta\.com --stack hookline/,
    )
  })

  it('says why it could not run, and can run again', async () => {
    const { get, post, examination, end, targets } = worldWith()
    await post('/doctor', { stack: evil })
    await end(() => examination.reject(new Error(`There are no AWS credentials. ${evil}`)))
    const { text } = await get('/doctor')
    assert.match(text, /The checks could not run: There are no AWS credentials\./)
    assert.doesNotMatch(text, /<script>/)
    await post('/doctor', {})
    assert.equal(targets.length, 2)
  })
})
