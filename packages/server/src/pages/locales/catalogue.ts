import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import type { Locale } from './locale.ts'
import type { Messages } from './messages.ts'
import { ptBR } from './pt-br.ts'

/** The texts of each language. */
export const catalogue: Readonly<Record<Locale, Messages>> = { en, de, fr, es, 'pt-BR': ptBR, ja }
