import { type Mistake, pathText } from '@valetkey/api/words'
import type { Config } from '../config/config.ts'
import type { LocatedDocument } from '../config/yaml.ts'
import { createServer } from '../server.ts'
import type { Applied, ApplyReport } from '../tenants/apply.ts'
import { type Command, configOption, type ExitCode, type Output } from './command.ts'
import { nameOf, readTenantFile } from './read-tenant-file.ts'
import { makeDirectories, withConfig } from './with-config.ts'

export const applyCommand: Command = {
  name: 'apply',
  summary: 'Brings the tenant to what a tenant file says.',
  details: [
    'FILE is YAML or JSON in the shape of auth0-deploy-cli; - reads standard input. ##NAME## and @@NAME@@ are replaced',
    'by environment variables. What the file does not mention stays, nothing is deleted, and a file with a mistake',
    'changes nothing. Names of extensions, which this command cannot know, are applied with a warning.',
  ].join('\n'),
  arguments: ['FILE'],
  options: { ...configOption.options, 'dry-run': { type: 'boolean' } },
  optionHelp: { ...configOption.optionHelp, '--dry-run': 'Says what would be done and does nothing of it.' },
  run: (given, output) =>
    withConfig(given, output, async (config) => {
      const [file = '-'] = given.arguments
      const read = readTenantFile(file)
      if (read.kind === 'mistaken') return refuse(read.mistakes, output)
      const dryRun = given.options['dry-run'] === true
      const applied = await applyTo(config, read.document, dryRun)
      if (applied.kind === 'mistaken')
        return refuse(
          applied.mistakes.map((mistake) => located(mistake, nameOf(file), read.document)),
          output,
        )
      for (const warning of applied.report.warnings)
        output.problem(`warning: ${located(warning, nameOf(file), read.document)}`)
      report(applied.report, dryRun, output)
      return 0
    }),
}

async function applyTo(config: Config, { value }: LocatedDocument, dryRun: boolean): Promise<Applied> {
  makeDirectories(config)
  const server = await createServer(config)
  try {
    return await server.apply(value, { dryRun, otherExtensions: true })
  } finally {
    await server.close()
  }
}

function located({ path, message }: Mistake, file: string, document: LocatedDocument): string {
  const line = document.lineOf(path)
  const where = line === undefined ? file : `${file} line ${line}`
  return path.length === 0 ? `${where}: ${message}` : `${where}: ${pathText(path)}: ${message}`
}

function refuse(mistakes: readonly string[], output: Output): ExitCode {
  for (const mistake of mistakes) output.problem(mistake)
  output.problem(`valetkey apply: nothing was applied (${count(mistakes.length, 'mistake')}).`)
  return 1
}

function report(
  { created, updated, unchanged, secrets }: ApplyReport,
  dryRun: boolean,
  output: Output,
): void {
  const would = dryRun ? 'would have ' : ''
  for (const { noun, name } of created) output.line(`${would}created ${noun} ${name}`)
  for (const { noun, name } of updated) output.line(`${would}updated ${noun} ${name}`)
  output.line(
    `${count(created.length, 'entry', 'entries')} created, ${updated.length} updated, ${unchanged.length} unchanged`,
  )
  if (dryRun) return
  for (const { name, clientId, secret } of secrets)
    output.line(`The client ${name} (${clientId}) has a new secret, shown only now: ${secret}`)
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
