/** Figures as people read them: three digits that count, and a unit that fits. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 scenario`, `3 scenarios`. */
export function several(amount: number, what: string): string {
  return `${count(amount)} ${what}${amount === 1 ? '' : 's'}`;
}

/** Of microseconds: `644 ns`, `7.91 µs`, `1.20 ms`, `3.40 s`. */
export function time(us: number): string {
  if (us >= 1_000_000) return `${threeDigits(us / 1_000_000)} s`;
  if (us >= 1000) return `${threeDigits(us / 1000)} ms`;
  if (us > 0 && us < 1) return `${threeDigits(us * 1000)} ns`;
  return `${threeDigits(us)} µs`;
}

export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

export function megabytes(bytes: number): string {
  return `${threeDigits(bytes / 1024 ** 2)} MiB`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function times(ratio: number): string {
  return `${threeDigits(ratio)} ×`;
}

export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
