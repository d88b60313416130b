/** Red, green and blue from 0 to 255. */
type Rgb = readonly [number, number, number]

const black: Rgb = [0, 0, 0]
const white: Rgb = [255, 255, 255]

/** `#rgb` or `#rrggbb` as a colour; anything else is undefined, so that no other text can reach a stylesheet. */
export function parseColor(hex: string): Rgb | undefined {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex)?.[1]
  if (!digits) return undefined
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  const value = Number.parseInt(long, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function toHex(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

/** Contrast from 1 to 21 (WCAG 2.2, success criterion 1.4.3). */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** Black or white, whichever reads better on the colour; at least 4.5 on every colour. */
export function inkOn(background: Rgb): Rgb {
  return contrast(white, background) >= contrast(black, background) ? white : black
}

/** The colour, moved towards black or white just far enough to reach the contrast on its background. */
export function readableOn(background: Rgb, color: Rgb, wanted: number): Rgb {
  const end = inkOn(background)
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(color, end, share)
    if (contrast(mixed, background) >= wanted) return mixed
  }
  return end
}

export function isDark(color: Rgb): boolean {
  return inkOn(color) === white
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] * (1 - share) + to[index] * share)
  return [part(0), part(1), part(2)]
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
