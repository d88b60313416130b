/** So many at once as connections would; all at once would leave a heap that no load leaves. */
const batch = 64

/** Makes `count` requests, a batch at a time. */
export async function inBatches<Made>(
  count: number,
  make: (index: number) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = []
  while (made.length < count) {
    const indexes = Array.from(
      { length: Math.min(batch, count - made.length) },
      (_, index) => made.length + index,
    )
    made.push(...(await Promise.all(indexes.map(make))))
  }
  return made
}
