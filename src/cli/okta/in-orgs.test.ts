import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { Secret } from '../../core/values/secret.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { addCredentialOptions } from './credential.ts'
import type { OrgsOptions, OrgTurn, TurnResult } from './in-orgs.ts'
import { addOrgs, inOrgs } from './in-orgs.ts'

type Turn = OrgTurn<OktaContext, OrgsOptions>
const well = async ({ context, options, name }: Turn): Promise<TurnResult> => {
  context.print(`${name} ${options.dryRun ? 'planned' : 'done'}`)
  return { isGood: true, text: 'Well.' }
}
const proof = { issuer: 'https://acme.okta.com/oauth2/default', audience: 'a', clientId: 'c', scope: 's' }
const TWO = {
  acme: { org: 'https://acme.okta.com', tokenFile: 'acme.token' },
  globex: { org: 'https://globex.okta.com', tokenFile: 'globex.token', scope: 'own' },
}

/** A command `try` that does this work, in a folder with this orgs file. */
async function run(
  args: string,
  {
    orgs = TWO as object | string | null,
    work = well,
    effect = 'reads' as 'changes' | 'reads',
    answers = undefined as readonly string[] | undefined,
  } = {},
) {
  using folder = temporaryFolder()
  const path = (name: string): string => join(folder.path, name)
  if (orgs !== null) writeFileSync(path('orgs.json'), typeof orgs === 'string' ? orgs : JSON.stringify(orgs))
  const asked: string[] = []
  const answer = (question: string): string => answers?.[asked.push(question) - 1] ?? ''
  const okta = {
    isAtTerminal: answers !== undefined,
    token: () => new Secret('of the environment'),
    hookSecret: () => new Secret('the one secret'),
    orgSecret: (name: string) => new Secret(`secret of ${name}`),
    ask: async (question: string) => answer(question),
    askHidden: async (question: string) => new Secret(answer(question)),
  } as OktaContext['okta']
  const { printed, problem, exitCode } = await runCommand(
    (command, context) => {
      addCredentialOptions(addOrgs(command))
        .option('--dry-run')
        .option('--yes')
        .option('--json')
        .option('--write-env <file>')
        .option('--scope <scope>')
      command.action((options: OrgsOptions) => inOrgs({ ...context, okta }, options, effect, work))
    },
    createMemoryStore(() => NOW),
    [
      'try',
      ...args
        .split(' ')
        .map(word => (word === 'FILE' ? path('orgs.json') : word === 'ENV' ? path('hook.env') : word)),
    ],
  )
  const read = (name: string): string => readFileSync(path(name), 'utf8')
  return {
    text: printed.join('\n'),
    problem,
    exitCode,
    asked,
    file: orgs === null ? '' : read('orgs.json'),
    read: args.includes('ENV') ? read('hook.env') : '',
  }
}

describe('the choice of orgs', () => {
  it('is one or all, and not both', async () => {
    const none = await run('--orgs FILE')
    assert.match(none.problem?.message ?? '', /^No org is given\. Give one of them: --org https/)
    const both = await run('--all --org acme --orgs FILE')
    assert.match(both.problem?.message ?? '', /^--org and --all are both given/)
  })

  it('may be all only without a credential that belongs to one', async () => {
    const { problem } = await run('--all --orgs FILE --token-file acme.token --key-id k')
    assert.equal(
      problem?.message,
      "--token-file, --key-id would be sent to every org, but belongs to one. With --all, put tokenFile, keyId into each org's entry of the orgs file.",
    )
  })

  it('may be a name of the file, whose values override options', async () => {
    const seen: unknown[] = []
    const work = async ({ options, name }: Turn): Promise<TurnResult> => {
      seen.push(
        name,
        options.org,
        (options as { readonly scope?: string }).scope,
        options.tokenFile?.split('/').at(-1),
      )
      return { isGood: true, text: '' }
    }
    await run('--org globex --orgs FILE --scope asked', { work })
    await run('--org https://other.okta.com --orgs FILE --scope asked', { work })
    assert.deepEqual(seen, [
      ...['globex', 'https://globex.okta.com', 'own', 'globex.token'],
      ...[undefined, 'https://other.okta.com', 'asked', undefined],
    ])
  })

  it('by its name has its own secret from the environment', async () => {
    const seen: unknown[] = []
    const work = async ({ context }: Turn): Promise<TurnResult> => {
      seen.push(context.okta.hookSecret()?.reveal())
      return { isGood: true, text: '' }
    }
    await run('--org globex --orgs FILE', { work })
    await run('--org https://other.okta.com --orgs FILE', { work })
    assert.deepEqual(seen, ['secret of globex', 'the one secret'])
  })

  it('by an unknown name is reported with the names in the file', async () => {
    const { problem } = await run('--org initech --orgs FILE')
    assert.match(problem?.message ?? '', /--org is "initech"; .*orgs\.json has acme, globex\. Give one/)
  })

  it('from a missing or invalid file is reported with an example', async () => {
    const gone = await run('--all --orgs FILE', { orgs: null })
    assert.match(gone.problem?.message ?? '', /orgs\.json does not exist\. Write one.*"acme": \{ "org"/s)
    for (const [orgs, says] of [
      ['{', /It is not a JSON object\./],
      ['{}', /It names no org\./],
      [{ 'a b': {} }, /The name "a b" is not 1 to 40/],
      [{ acme: 7 }, /acme is not an object/],
      [{ acme: { tokenFile: 'x' } }, /acme\.org is missing/],
      [{ acme: { org: 7 } }, /acme\.org is not text/],
      [{ acme: { org: 'https://a', tokn: 'x' } }, /acme has "tokn", but only org, tokenFile/],
      [
        { acme: { org: 'https://a', trusts: { issuer: 'x' } } },
        /trusts of acme\.issuer is not an https address/,
      ],
    ] as const) {
      const { problem } = await run('--all --orgs FILE', { orgs })
      assert.match(problem?.message ?? '', says)
    }
  })
})

describe('all orgs', () => {
  it('are processed with their names before each line, and one table at the end', async () => {
    const { text, exitCode } = await run('--all --orgs FILE')
    assert.match(text, /^acme {3}│ acme done$/m)
    assert.match(text, /^✓ {2}globex {2}https:\/\/globex\.okta\.com {2}Well\.$/m)
    assert.match(text, /✓ 2 of 2 orgs succeeded\.$/)
    assert.equal(exitCode, 0)
  })

  it('a failure in one is reported, does not stop the others, and sets the exit code', async () => {
    const work = async (turn: Turn): Promise<TurnResult> => {
      if (turn.name === 'acme') throw new Problem('unreachable', 'It does not answer. Look at the network.')
      return well(turn)
    }
    const { text, exitCode } = await run('--all --orgs FILE', { work })
    assert.match(text, /^acme {3}│ ✗ It does not answer\. Look at the network\.$/m)
    assert.match(text, /^✗ {2}acme .* It does not answer\.$/m)
    assert.match(text, /✗ 1 of 2 orgs succeeded\.$/)
    assert.equal(exitCode, 5)
  })

  it('are planned first if something changes, with one question for all', async () => {
    const { text, asked } = await run('--all --orgs FILE', { effect: 'changes', answers: ['yes'] })
    assert.deepEqual(asked, ['Make these changes in 2 of 2 orgs? (yes/no) '])
    assert.deepEqual(text.match(/(planned|done)$/gm), ['planned', 'planned', 'done', 'done'])
    const no = await run('--all --orgs FILE', { effect: 'changes', answers: ['no'] })
    assert.deepEqual(no.text.match(/(planned|done)$/gm), ['planned', 'planned'])
  })

  it('cause no question if none can be planned; one that cannot is left out', async () => {
    const failing =
      (...names: readonly string[]) =>
      async (turn: Turn): Promise<TurnResult> => {
        if (names.includes(turn.name ?? '')) throw new Problem('usage', 'No.')
        return well(turn)
      }
    const none = await run('--all --orgs FILE', {
      effect: 'changes',
      answers: [],
      work: failing('acme', 'globex'),
    })
    assert.deepEqual([none.asked, none.exitCode], [[], 2])
    const one = await run('--all --orgs FILE', { effect: 'changes', answers: ['y'], work: failing('acme') })
    assert.deepEqual(one.asked, ['Make these changes in 1 of 2 orgs? (yes/no) '])
    assert.deepEqual(one.text.match(/(planned|done)$/gm), ['planned', 'done'])
    assert.match(one.text, /✗ 1 of 2 orgs succeeded\.$/)
  })

  it('are not changed without a terminal', async () => {
    const { problem } = await run('--all --orgs FILE', { effect: 'changes' })
    assert.match(problem?.message ?? '', /This command asks a question/)
    const yes = await run('--all --orgs FILE --yes', { effect: 'changes' })
    assert.deepEqual(yes.text.match(/(planned|done)$/gm), ['done', 'done'])
    const dry = await run('--all --orgs FILE --dry-run', { effect: 'changes' })
    assert.deepEqual(dry.text.match(/(planned|done)$/gm), ['planned', 'planned'])
  })

  it('as JSON are one object, including failed orgs', async () => {
    const work = async ({ context, name }: Turn): Promise<TurnResult> => {
      if (name === 'globex') throw new Problem('usage', 'No.')
      context.print('[1]')
      return { isGood: false, text: 'Bad.' }
    }
    const { text, exitCode } = await run('--all --orgs FILE --json', { work })
    assert.deepEqual(JSON.parse(text), { acme: [1], globex: { problem: 'No.' } })
    assert.equal(exitCode, 4)
  })

  it('get only their own token and secret, requested one after the other, once', async () => {
    const seen: unknown[] = []
    const work = async ({ context, name }: Turn): Promise<TurnResult> => {
      const ask = () => context.okta.askHidden('Token: ')
      const [token] = await Promise.all([ask(), ask()])
      seen.push(name, context.okta.token(), context.okta.hookSecret()?.reveal(), token.reveal())
      return { isGood: true, text: '' }
    }
    const { asked } = await run('--all --orgs FILE', { work, answers: ['first', 'second'] })
    assert.deepEqual(asked, ['acme: Token: ', 'globex: Token: '])
    assert.deepEqual(seen, [
      ...['acme', undefined, 'secret of acme', 'first'],
      ...['globex', undefined, 'secret of globex', 'second'],
    ])
  })

  it('write what the deployment must trust to the file and the settings, and change nothing else', async () => {
    const orgs = { ...TWO, initech: { org: 'https://initech.okta.com', tokenFile: 't', trusts: proof } }
    const work = async ({ name = '', keep }: Turn): Promise<TurnResult> => {
      if (name === 'acme') keep({ name, kind: 'access token', ...proof, clientId: 'new' })
      return { isGood: true, text: '' }
    }
    const { text, file, read } = await run('--all --orgs FILE --write-env ENV', { orgs, work })
    assert.deepEqual(JSON.parse(file), {
      ...orgs,
      acme: { ...orgs.acme, trusts: { ...proof, clientId: 'new' } },
    })
    assert.match(
      text,
      /✓ written .*orgs\.json: what the deployment must trust\. Next: npx hookline deploy --orgs/,
    )
    assert.equal(
      read,
      `HOOKLINE_ORGS='${JSON.stringify({ acme: { ...proof, clientId: 'new' }, initech: proof })}'\n`,
    )
  })
})
