/** Numbers that look random and are the same for the same seed: `pick(5)` is one of 0 to 4. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    // Marsaglia's xorshift; zero would stay zero.
    state ||= 0x9e3779b9
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
