import assert from 'node:assert/strict'
import { it } from 'node:test'
import { inheritedEnvironment } from './environment.ts'
import { secretNames } from './secret-files.ts'

it('a program is told where things are, and no setting or secret of anybody', () => {
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
