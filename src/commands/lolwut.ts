/**
 * LOLWUT: a picture, as the version asks for, and the version.
 * redis.io/docs/latest/commands/lolwut
 */
import type { Call } from './call.ts';
import { REDIS_VERSION } from './version.ts';
import { integerArgument, isWord } from './words.ts';

const COLUMNS = 64;
const ROWS = 16;
const SHADES = ' .:-=+*#%@';

export function lolwut(call: Call): void {
  const { args, reply } = call;
  let picture = '';
  if (args.count > 2 && isWord(args, 1, 'version')) {
    const version = integerArgument(call, 2);
    if (Number.isNaN(version)) return;
    if (version === 5 || version === 6) picture = `${waves(call)}\n`;
  }
  reply.verbatim('txt', `${picture}Redis ver. ${REDIS_VERSION}\n`);
}

/** Rings of two stones thrown into a pond, at places that chance has chosen. */
function waves({ server }: Call): string {
  const stones = [0, 1].map(() => [server.random() * COLUMNS, server.random() * ROWS]);
  const rows = Array.from({ length: ROWS }, (_, y) =>
    Array.from({ length: COLUMNS }, (_, x) => {
      const height = stones.reduce(
        (sum, [stoneX, stoneY]) => sum + Math.cos(Math.hypot(x - stoneX, 2 * (y - stoneY)) / 2),
        0,
      );
      return SHADES[Math.min(SHADES.length - 1, Math.floor(((height + 2) / 4) * SHADES.length))];
    }).join(''),
  );
  return `${rows.join('\n')}\n`;
}
