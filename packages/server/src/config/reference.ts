import { allSettings, type Setting } from './catalogue.ts'

/** The reference of all settings in Markdown, made from the schema. */
export function reference(): string {
  return [
    '# Settings',
    '',
    'Settings come from one YAML file (`--config FILE` or `VALETKEY_CONFIG`) and from the environment, which wins.',
    'Unknown names and wrong values stop the start, all of them at once.',
    '',
    '| setting | environment | default | meaning |',
    '| --- | --- | --- | --- |',
    ...allSettings().map(row),
    '',
  ].join('\n')
}

function row(setting: Setting): string {
  const shown =
    setting.defaultText ?? (setting.default === undefined ? '–' : `\`${String(setting.default)}\``)
  return `| \`${setting.name}\` | \`${setting.variable}\` | ${shown} | ${setting.description.replaceAll('|', '\\|')} |`
}
