// Measures Valetkey against oidc-provider and against the limits of this machine, all in one run:
//   node bench/bench.ts [--seconds 2] [--rounds 5] [--connections 16] [--json FILE] [--only PART]…
// A benchmark is no test: a target that is not reached does not fail the command.
import { writeFile } from 'node:fs/promises'
import { machine, machineLine } from './machine.ts'
import { measure } from './measure.ts'
import { type Options, readOptions, usage } from './options.ts'
import { type Summary, summarize } from './report.ts'
import { scenarios } from './scenarios.ts'
import { measureStartUp } from './start-up.ts'
import { scenarioTable, startUpTable, targetTable } from './table.ts'
import { targets } from './targets.ts'

const options = optionsOrExit()
const measuredOn = machine()
console.log(`${machineLine(measuredOn)}\n`)
const summaries: Summary[] = []
for (const scenario of scenarios.filter(({ name }) => options.parts.includes(name))) {
  const summary = summarize(scenario, await measure(scenario, options))
  summaries.push(summary)
  console.log(`${scenarioTable(summary)}\n`)
}
const startUp = options.parts.includes('start-up') ? await measureStartUp(options) : undefined
if (startUp !== undefined) console.log(`${startUpTable(startUp)}\n`)
const reached = targets(summaries, startUp)
if (reached.length > 0) console.log(targetTable(reached))
if (options.json !== undefined) {
  const document = { machine: measuredOn, options, scenarios: summaries, startUp, targets: reached }
  await writeFile(options.json, `${JSON.stringify(document, null, 2)}\n`)
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`)
    process.exit(1)
  }
}
