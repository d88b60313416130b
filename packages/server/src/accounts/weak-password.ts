import { maxPasswordLength } from './password.ts'

/** Shortest password of an administrator, in characters (NIST SP 800-63B §3.1.1.2 asks for 15 where it stands alone, 8 else). */
const minPasswordLength = 12
const fewestLetters = 4

// What the most used passwords are made of; the longer ones first, since they hold shorter ones.
const common = [
  [
    'administrator',
    'qwertyuiopas',
    'qwertyuiop',
    'qwertzuiop',
    'azertyuiop',
    'zaqxswcdevfr',
    'passwort',
    'password',
  ],
  [
    'motdepasse',
    'contraseña',
    'contrasena',
    'geheim',
    'changeme',
    'trustno',
    'iloveyou',
    'princess',
    'football',
  ],
  [
    'baseball',
    'superman',
    'michael',
    'welcome',
    'sunshine',
    'starwars',
    'whatever',
    'letmein',
    'monkey',
    'dragon',
  ],
  [
    'master',
    'shadow',
    'secret',
    'login',
    'qwerty',
    'qwertz',
    'azerty',
    'asdfghjkl',
    'asdfgh',
    'asdf',
    'zxcvbnm',
  ],
  [
    'zxcvbn',
    'qazwsx',
    'hallo',
    'hello',
    'admin',
    'access',
    'valetkey',
    'temp',
    'test',
    'guest',
    'user',
    'root',
  ],
  ['senha', 'abcdefghijklmnopqrstuvwxyz', 'abcdefghijkl', 'abcdef', 'abcd', 'abc', 'pass', 'the', 'my', 'is'],
].flat()

// Only what is read for a letter at a glance.
const lookalikes: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/**
 * Whether a password is too easy to guess: too short, of few characters, the address itself, or nothing but the commonest
 * words with digits and signs (NIST SP 800-63B §3.1.1.2). `email`: in lower case.
 */
export function isWeak(password: string, email: string): boolean {
  const characters = [...password].length
  if (characters < minPasswordLength || password.length > maxPasswordLength) return true
  const lower = password.toLowerCase()
  if (new Set(lower).size < 5 || lower.includes(email)) return true
  const words = [email.split('@')[0] ?? '', ...common]
  const spelled = [...lower].map((character) => lookalikes[character] ?? character).join('')
  return isNothingBut(words, lower) || isNothingBut(words, spelled)
}

function isNothingBut(words: readonly string[], text: string): boolean {
  const rest = words.reduce((left, word) => (word === '' ? left : left.replaceAll(word, ' ')), text)
  return (rest.match(/\p{L}/gu) ?? []).length < fewestLetters
}
