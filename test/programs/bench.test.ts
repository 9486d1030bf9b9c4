import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { spawnHookline } from '../world/processes.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGE = join(ROOT, 'docs/performance.md')

test('a short run of the bench prints every table, with another version too, and leaves the page as it is', {
  timeout: 240_000,
}, async t => {
  const hasCommits = existsSync(join(ROOT, '.git'))
  if (!hasCommits)
    t.diagnostic('These sources have no commits: the comparison of two versions is not tested.')
  const before = readFileSync(PAGE, 'utf8')
  const args = ['--short', ...(hasCommits ? ['--against', 'HEAD'] : [])]
  const { code, stdout, stderr } = await spawnHookline(args, { program: join(ROOT, 'bench/hook.ts') })
  assert.deepEqual([code, stderr], [0, ''])
  for (const line of [
    /^Measured on \d{4}-\d\d-\d\d: .+, \d+ cores, \d+ GB, .+, Node \d+/,
    /^Other work on the machine meanwhile: \d+ % of the CPUs; load average at the end [\d.]+\.$/,
    /^\| +\| Hookline \| floor \| ratio \|$/,
    /^\| CPU, µs, 16 at once +(?:\| +\d+ ){2}\| +\d+\.\d\d \|$/,
    /^\| +\| `serve` \| plain hook \| ratio \|$/,
    ...['1 connection', '8 connections', '64 connections'].flatMap(at => [
      new RegExp(`^\\| requests a second, ${at} +(?:\\| +\\d+ ){2}\\| +\\d+\\.\\d\\d \\|$`),
      new RegExp(`^\\| CPU a request, µs, ${at} +(?:\\| +\\d+ ){2}\\| `),
    ]),
    /^\| memory after 420 requests, MB +(?:\| +\d+ ){2}\| +\d+\.\d\d \|$/,
    / \d+ ms to the first code /,
    ...(hasCommits
      ? [/^This version beside [0-9a-f]{7,}:$/, /^\| +\| +now \| +[0-9a-f]{7,} \| ratio \|$/]
      : []),
  ])
    assert.ok(
      stdout.split('\n').some(found => line.test(found)),
      `${line}\n${stdout}`,
    )
  assert.doesNotMatch(stdout, /NaN/)
  assert.equal(readFileSync(PAGE, 'utf8'), before)
})
