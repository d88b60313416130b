// What of the contract needs no schema: a server that applies nothing loads this alone.
export { defaultConnection } from './default-connection.ts'
export { didYouMean, nearest } from './did-you-mean.ts'
export { type Mistake, type Path, pathText } from './mistake.ts'
