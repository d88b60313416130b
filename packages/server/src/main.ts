#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Code that was compiled once is read next time: half of a start, and the memory of the compiler. It lies beside the
// sources, so that whoever can change it could change them too; where that cannot be written, nothing is kept.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'valetkey'))

const { runCli } = await import('./cli/run-cli.ts')

await runCli()
