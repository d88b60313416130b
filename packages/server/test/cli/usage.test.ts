import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../src/cli/cli.ts'

async function valetkey(...args: readonly string[]) {
  const lines: string[] = []
  const problems: string[] = []
  const code = await run(args, { line: (text) => lines.push(text), problem: (text) => problems.push(text) })
  return { code, out: lines.join('\n'), problem: problems.join('\n') }
}

test('--help names every command', async () => {
  const { code, out } = await valetkey('--help')
  assert.equal(code, 0)
  for (const name of [
    'start',
    'apply FILE',
    'migrate',
    'keys list',
    'keys rotate',
    'keys revoke KID',
    'doctor',
    'config',
  ])
    assert.match(out, new RegExp(`^  ${name} `, 'm'))
})

test('--help of a command names its options', async () => {
  const { code, out } = await valetkey('apply', '--help')
  assert.equal(code, 0)
  assert.match(out, /^Usage: valetkey apply FILE \[OPTIONS\]/)
  for (const option of ['--config FILE', '--dry-run', '--help']) assert.ok(out.includes(option))
})

test('--help of a group names its commands', async () => {
  const { code, out } = await valetkey('keys', '--help')
  assert.equal(code, 0)
  assert.match(out, /valetkey keys list[\s\S]*valetkey keys rotate/)
})

test('--version prints a version', async () => {
  assert.match((await valetkey('--version')).out, /^\d+\.\d+\.\d+$/)
})

const wrongUses: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'no command': [[], 'valetkey: a command is missing. See valetkey --help.'],
  'an unknown command': [
    ['strat'],
    'valetkey: unknown command strat; did you mean start? See valetkey --help.',
  ],
  'a command like no other': [['xyzzy'], 'valetkey: unknown command xyzzy. See valetkey --help.'],
  'half a command': [
    ['keys'],
    'valetkey: expected one of keys list, keys rotate, keys revoke. See valetkey --help.',
  ],
  'a mistyped half': [
    ['keys', 'rotat'],
    'valetkey: expected one of keys list, keys rotate, keys revoke; did you mean keys rotate? See valetkey --help.',
  ],
  'an option before the command': [
    ['--config', 'x', 'start'],
    'valetkey: the command comes before its options. See valetkey --help.',
  ],
  'an unknown option': [
    ['start', '--confg', 'x'],
    'valetkey start: unknown option --confg; did you mean --config? See valetkey start --help.',
  ],
  'an unknown option with a value, which is not repeated': [
    ['start', '--pasword=hunter2'],
    'valetkey start: unknown option --pasword. See valetkey start --help.',
  ],
  'a short option': [['start', '-p', '80'], 'valetkey start: unknown option -p. See valetkey start --help.'],
  'an option without its value': [
    ['start', '--config'],
    "valetkey start: Option '--config <value>' argument missing. See valetkey start --help.",
  ],
  'a missing argument': [['apply'], 'valetkey apply: FILE is missing. See valetkey apply --help.'],
  'an argument too many': [
    ['migrate', 'now'],
    'valetkey migrate: unexpected argument now. See valetkey migrate --help.',
  ],
}
for (const [name, [args, expected]] of Object.entries(wrongUses)) {
  test(`one clear line and exit code 2: ${name}`, async () => {
    assert.deepEqual(await valetkey(...args), { code: 2, out: '', problem: expected })
  })
}

test('config --reference prints the reference of all settings', async () => {
  const { code, out } = await valetkey('config', '--reference')
  assert.equal(code, 0)
  assert.match(out, /^# Settings\n[\s\S]*`VALETKEY_STORE_POSTGRES_POOL_SIZE`/)
})
