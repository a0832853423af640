/** `--latency-dist`: how many round trips took how long, as a row of colours. redis-cli's own. */

/** The longest time of each bucket in microseconds, and its letter. */
const BUCKETS: ReadonlyArray<readonly [most: number, letter: string]> = [
  ...([10, 125, 250, 500] as const).map((most, i) => [most, '.-*#'[i]] as const),
  ...Array.from({ length: 9 }, (_, i) => [(i + 1) * 1000, String(i + 1)] as const),
  ...Array.from({ length: 5 }, (_, i) => [(i + 1) * 10_000, 'ABCDE'[i]] as const),
  ...Array.from({ length: 5 }, (_, i) => [(i + 1) * 100_000, 'FGHIJ'[i]] as const),
  ...[1, 2, 4, 8, 16, 30, 60].map((seconds, i) => [seconds * 1e6, 'KLMNOPQ'[i]] as const),
  [Number.POSITIVE_INFINITY, '?'],
];

/** Of xterm's 256 colours: from none to all. */
const PALETTE = [
  ...[0, 233, 234, 235, 237, 239, 241, 243, 245, 247, 144, 143, 142, 184, 226, 214, 208, 202],
  196,
];

const RESET = '\x1b[0m\n';
const RULE = `${'-'.repeat(45)}\n`;

export const SPECTRUM_LEGEND =
  RULE +
  '. - * #          .01 .125 .25 .5 milliseconds\n' +
  '1,2,3,...,9      from 1 to 9     milliseconds\n' +
  'A,B,C,D,E        10,20,30,40,50  milliseconds\n' +
  'F,G,H,I,J        .1,.2,.3,.4,.5       seconds\n' +
  'K,L,M,N,O,P,Q,?  1,2,4,8,16,30,60,>60 seconds\n' +
  `From 0 to 100%: ${PALETTE.map((colour) => `\x1b[48;5;${colour}m `).join('')}${RESET}${RULE}`;

/** Rows between two legends. */
export const SPECTRUM_ROWS = 20;

export class LatencySpectrum {
  #counts = BUCKETS.map(() => 0);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(ms: number): void {
    this.#counts[BUCKETS.findIndex(([most]) => ms * 1000 <= most)]++;
    this.#total++;
  }

  /** The row, and none of what it shows is kept. */
  row(): string {
    const cells = BUCKETS.map(([, letter], i) => {
      const share = this.#total === 0 ? 0 : this.#counts[i] / this.#total;
      return `\x1b[48;5;${PALETTE[Math.ceil(share * (PALETTE.length - 1))]}m${letter}`;
    });
    this.#counts = BUCKETS.map(() => 0);
    this.#total = 0;
    return `\x1b[38;5;0m${cells.join('')}${RESET}`;
  }
}
