#!/usr/bin/env node
import { run } from './cli/cli.ts'

process.exitCode = await run(process.argv.slice(2), {
  line: (text) => process.stdout.write(`${text}\n`),
  problem: (text) => process.stderr.write(`${text}\n`),
})
