// Owns the reference of the tenant file: what each member means, beside the schemas that say what it may be.
import { clientNoun } from '../client.ts'
import { clientGrantNoun } from '../client-grant.ts'
import { databaseNoun } from '../database.ts'
import type { InertMembers } from '../noun.ts'
import { resourceServerNoun } from '../resource-server.ts'
import { roleNoun } from '../role.ts'
import { tenantNoun } from '../tenant.ts'
import { userNoun } from '../user.ts'
import { clientGrantTexts, resourceServerTexts, roleTexts } from './api-texts.ts'
import { clientTexts } from './client-texts.ts'
import { membersOf } from './members.ts'
import { tenantTexts } from './tenant-texts.ts'
import type { Texts } from './texts.ts'
import { databaseTexts, userTexts } from './user-texts.ts'

const chapters = [
  {
    name: 'tenant',
    about: 'The settings of the tenant: one group.',
    kind: tenantNoun,
    texts: tenantTexts,
  },
  { name: 'clients', about: 'Applications: a list.', kind: clientNoun, texts: clientTexts },
  {
    name: 'resourceServers',
    about: 'APIs: a list.',
    kind: resourceServerNoun,
    texts: resourceServerTexts,
  },
  {
    name: 'clientGrants',
    about: 'What a client may ask of an API: a list. One entry per client, API and `subject_type`.',
    kind: clientGrantNoun,
    texts: clientGrantTexts,
  },
  { name: 'databases', about: 'Where users are: a list.', kind: databaseNoun, texts: databaseTexts },
  { name: 'roles', about: 'Permissions under a name: a list.', kind: roleNoun, texts: roleTexts },
  {
    name: 'users',
    about: "A list, which Auth0's files do not have: for demonstrations, tests and small directories.",
    kind: userNoun,
    texts: userTexts,
  },
] as const

const introduction = `# The tenant file

A tenant file says what a tenant consists of, in YAML or JSON, in the shape of auth0-deploy-cli: what \`a0deploy export --format=yaml\`
writes can be applied here. \`valetkey apply FILE\` brings the tenant to what it says. \`--dry-run\` only tells.

- What the file does not mention stays as it is, also members of an entry that it mentions. Nothing is deleted.
- A list in an entry replaces the list before. \`null\` counts as absent. Members that can be emptied say so below.
- A file with any mistake changes nothing; every mistake is told with its line. The same file twice changes nothing the second time.
- \`##NAME##\` becomes the text of an environment variable, \`@@NAME@@\` a quoted string, or the JSON that the variable holds.
- Members under \`valetkey\` are not Auth0's. Take them away before a file goes to Auth0.

Members of Auth0's that mean nothing here are listed below each table. What would switch something on that this version does not have is
refused, with the member that it has instead where there is one; what is decided otherwise here is a warning.

This page is made by \`npm run valetkey -- apply --reference\`.
`

/** The reference of all members in Markdown, made from the schemas. */
export function tenantFileReference(): string {
  const parts = chapters.map(({ name, about, kind, texts }) =>
    [
      `## \`${name}\``,
      '',
      about,
      '',
      '| member | type | default | meaning |',
      '| --- | --- | --- | --- |',
      ...rows(kind, texts),
      '',
      ...inertText(kind.inert),
    ].join('\n'),
  )
  return `${[introduction, ...parts].join('\n').trimEnd()}\n`
}

/** Members without a text, and texts without a member. */
export function undescribed(): readonly string[] {
  return chapters.flatMap(({ name, kind, texts }) => {
    const members = membersOf(kind.schema).map((member) => member.name)
    const odd = [
      ...members.filter((member) => !Object.hasOwn(texts, member)),
      ...Object.keys(texts).filter((member) => !members.includes(member)),
    ]
    return odd.map((member) => `${name}: ${member}`)
  })
}

type Kind = (typeof chapters)[number]['kind']

function rows(kind: Kind, texts: Texts): readonly string[] {
  return membersOf(kind.schema).map(({ name, type, isRequired }) => {
    const [meaning = '', standard] = texts[name] ?? []
    const shown = standard ?? (isRequired ? 'required' : '–')
    return `| ${[`\`${name}\``, type, shown, meaning].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
}

function inertText(inert: InertMembers): readonly string[] {
  const names = (wanted: boolean) =>
    Object.entries(inert)
      .filter(([, accepted]) => (accepted === 'anything') === wanted)
      .map(([name]) => `\`${name}\``)
      .join(', ')
  const [anything, off] = [names(true), names(false)]
  return [
    ...(anything === '' ? [] : [`Accepted without effect: ${anything}.`, '']),
    ...(off === '' ? [] : [`Accepted while off or at Auth0's default: ${off}.`, '']),
  ]
}
