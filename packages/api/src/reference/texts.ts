/** What the reference says about each member of a kind of entry: its meaning, and the default of a new entry where there is one. */
export type Texts = Readonly<Record<string, readonly [meaning: string, standard?: string]>>
