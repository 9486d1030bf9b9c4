import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { Problem } from '../cli/terminal/problem.ts'
import { secretNames } from '../config/environment.ts'
import { allSettings } from '../config/setting-table.ts'
import { inheritedEnvironment, withSecretFiles } from './environment.ts'

describe('the files of secrets', () => {
  it('exist for every setting that is a secret', () => {
    const secret = allSettings.filter(({ isSecret }) => isSecret)
    for (const { name } of secret) assert.ok(secretNames.includes(name), name)
  })

  it("contain the variable's value, without the line end", () => {
    using folder = temporaryFolder()
    for (const name of secretNames) {
      const path = join(folder.path, name)
      writeFileSync(path, 'a secret of tests, longer than 32 characters\n')
      assert.deepEqual(withSecretFiles({ PATH: '/bin', [`${name}_FILE`]: path }), {
        PATH: '/bin',
        [name]: 'a secret of tests, longer than 32 characters',
      })
    }
  })

  it('are not needed: an empty variable is an unset one', () => {
    const environment = { HOOKLINE_HASH_KEY: 'x', HOOKLINE_HASH_KEY_FILE: ' ' }
    assert.deepEqual(withSecretFiles(environment), { HOOKLINE_HASH_KEY: 'x' })
  })

  it('that cannot be used are all reported at once, without their content', () => {
    using folder = temporaryFolder()
    const empty = join(folder.path, 'empty')
    writeFileSync(empty, '\n')
    const wrong = {
      HOOKLINE_HASH_KEY: 'known',
      HOOKLINE_HASH_KEY_FILE: empty,
      HOOKLINE_SECRETS_FILE: empty,
      HOOKLINE_ORG_SECRETS_FILE: join(folder.path, 'missing'),
      OKTA_API_TOKEN_FILE: folder.path,
    }
    assert.throws(
      () => withSecretFiles(wrong),
      error => {
        assert.ok(error instanceof Problem)
        assert.match(error.message, /HOOKLINE_HASH_KEY and HOOKLINE_HASH_KEY_FILE are both set/)
        assert.match(error.message, /HOOKLINE_SECRETS_FILE: .* it is empty/)
        assert.match(error.message, /HOOKLINE_ORG_SECRETS_FILE: .*ENOENT/)
        assert.match(error.message, /OKTA_API_TOKEN_FILE: .*EISDIR/)
        assert.doesNotMatch(error.message, /known/)
        return true
      },
    )
  })
})

it('a program inherits paths and language, but no settings or secrets', () => {
  const needed = { PATH: '/bin', HOME: '/home/ada', LC_ALL: 'C', NODE_EXTRA_CA_CERTS: '/ca.pem', TZ: 'UTC' }
  const others = {
    ...Object.fromEntries(
      secretNames.flatMap(name => [
        [name, 'x'],
        [`${name}_FILE`, 'x'],
      ]),
    ),
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_SESSION_TOKEN: 'x',
    AWS_PROFILE: 'x',
    GITHUB_TOKEN: 'x',
    NPM_TOKEN: 'x',
    npm_config__auth: 'x',
    DATABASE_URL: 'x',
    MYPATH: 'x',
  }
  assert.deepEqual(inheritedEnvironment({ ...others, ...needed, TMPDIR: undefined }), needed)
})
