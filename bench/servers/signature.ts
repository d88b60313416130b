// What one signature costs on this machine, with nothing around it.
import { sign } from 'node:crypto'
import { promisify } from 'node:util'
import { answerParent } from '../child-process.ts'
import type { SignatureAsks, SigningAlgorithm } from '../contract.ts'
import { signedBytes, signingInput } from './signing.ts'

const signInPool = promisify(sign)
const inputs = { RS256: signingInput('RS256'), ES256: signingInput('ES256') }

answerParent<SignatureAsks>({
  async measure({ algorithm, seconds }) {
    inPlace(algorithm, 0.05)
    const alone = inPlace(algorithm, seconds)
    const pool = await inPool(algorithm, seconds)
    return {
      cpuMicroseconds: alone,
      cpuMicrosecondsInPool: pool.cpuMicroseconds,
      perSecondInPool: pool.perSecond,
    }
  },
})

function inPlace(algorithm: SigningAlgorithm, seconds: number): number {
  const end = performance.now() + seconds * 1000
  const start = process.cpuUsage()
  let count = 0
  for (; performance.now() < end; count += 1) sign('sha256', signedBytes, inputs[algorithm])
  return cpuMicroseconds(start) / count
}

async function inPool(algorithm: SigningAlgorithm, seconds: number) {
  const begun = performance.now()
  const end = begun + seconds * 1000
  const start = process.cpuUsage()
  let count = 0
  async function signUntilTheEnd() {
    for (; performance.now() < end; count += 1) await signInPool('sha256', signedBytes, inputs[algorithm])
  }
  await Promise.all(Array.from({ length: 16 }, signUntilTheEnd))
  const elapsedSeconds = (performance.now() - begun) / 1000
  return { cpuMicroseconds: cpuMicroseconds(start) / count, perSecond: count / elapsedSeconds }
}

function cpuMicroseconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return user + system
}
