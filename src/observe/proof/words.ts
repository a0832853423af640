/** Small things that sentences are made of. */
import { describeDuration } from '../explain.ts';

export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1.60 s`: as exact as a headline has to be. */
export function roughly(us: number): string {
  return us >= 999_500 && us < 60e6 ? `${(us / 1e6).toFixed(2)} s` : describeDuration(us);
}

/** `as soon as it had connected`, `3.1 ms after it had connected`. */
export function after(us: number, what: string): string {
  return `${us < AT_ONCE_US ? 'as soon as' : `${describeDuration(us)} after`} ${what}`;
}

/** Under strace, a call of the server takes about so long. */
const AT_ONCE_US = 1000;
