import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ReleaseState, releaseProblems } from './release-problems.ts'

const good: ReleaseState = {
  version: '1.2.0',
  changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.0 (2026-05-04)\n\n- It works.\n',
  tags: ['v1.1.0', 'v1.2.0-rc.1'],
  changes: '',
  isRecorded: true,
  canCheckImage: true,
}

describe('a release', () => {
  test('is built if version, changelog, tags and files agree', () => {
    assert.deepEqual(releaseProblems(good), [])
  })

  for (const [what, changed, expected] of [
    ['its version is none', { version: '1.2', changelog: '## 1.2 (2026-05-04)' }, /version is "1\.2"/],
    ['its tag exists', { tags: ['v1.2.0'] }, /v1\.2\.0 exists already/],
    ['the changelog does not name it', { changelog: '## Unreleased\n' }, /no heading "## 1\.2\.0/],
    [
      'the changelog names another version',
      { changelog: '## 1.20 (2026-05-04)\n## 11.2.0 (2026-05-04)\n' },
      /no heading/,
    ],
    ['the heading has no date', { changelog: '## 1.2.0\n' }, /no heading/],
    [
      'nothing says what it stores',
      { isRecorded: false },
      /test\/released\/1\.2\.0 is missing.*npm run record-forms/,
    ],
    ['the image cannot be checked', { canCheckImage: false }, /needs root, buildah.* --without-image$/],
    ['a file is not committed', { changes: ' M src/core/a.ts\n' }, /not committed:\n M src\/core\/a\.ts$/],
  ] as const) {
    test(`is refused if ${what}`, () => {
      const problems = releaseProblems({ ...good, ...changed })
      assert.equal(problems.length, 1)
      assert.match(problems[0] ?? '', expected)
    })
  }
})
