/** What part of the time is shown, and where it lies on the screen. */

export interface Range {
  startUs: number;
  endUs: number;
}

/** Below this, calls are further apart than a screen is wide. */
const LEAST_US = 5;

/** The part of `all` that is shown after zooming by `factor` around `atUs`. */
export function zoomed(range: Range, all: Range, atUs: number, factor: number): Range {
  const length = clamp((range.endUs - range.startUs) * factor, LEAST_US, all.endUs - all.startUs);
  const share = (atUs - range.startUs) / (range.endUs - range.startUs);
  return within({ startUs: atUs - share * length, endUs: atUs + (1 - share) * length }, all);
}

export function moved(range: Range, all: Range, byUs: number): Range {
  return within({ startUs: range.startUs + byUs, endUs: range.endUs + byUs }, all);
}

function within({ startUs, endUs }: Range, all: Range): Range {
  const shift = Math.max(0, all.startUs - startUs) - Math.max(0, endUs - all.endUs);
  return { startUs: startUs + shift, endUs: endUs + shift };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** Round times between 60 and 180 pixels apart. */
export function ticksOf({ startUs, endUs }: Range, width: number): { us: number; label: string }[] {
  const wanted = ((endUs - startUs) / width) * 110;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= wanted * 0.7)!;
  const ticks = [];
  for (let us = Math.ceil(startUs / step) * step; us <= endUs; us += step) {
    ticks.push({ us, label: labelOf(us, step) });
  }
  return ticks;
}

function labelOf(us: number, step: number): string {
  const digits = clamp(Math.ceil(-Math.log10(step / 1e6)), 0, 6);
  return `${(us / 1e6).toFixed(digits)} s`;
}

/** `12 µs`, `3.4 ms`, `1.204 s`. */
export function durationText(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  // What would be rounded to 1000 ms is a second.
  return us < 999_500
    ? `${(us / 1000).toFixed(us < 1e5 ? 1 : 0)} ms`
    : `${(us / 1e6).toFixed(3)} s`;
}
