// Owns the management contract: what a tenant file may say. Knows no store, no HTTP and no server.
export { didYouMean, nearest } from './did-you-mean.ts'
