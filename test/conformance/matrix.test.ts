/**
 * Every scenario under every I/O model, protocol and number of threads: the same bytes in give the
 * same bytes out. What a model can't do by its nature it refuses, and the refusal is what is
 * tested. At its end the suite prints the whole matrix.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { MODE_NAMES, type ModeName, modeOf } from '../../src/server/modes.ts';
import { capacityOf, MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { SYSKV, sharedServer } from '../support/server.ts';
import type { Dialect } from './dialects/dialect.ts';
import { echo } from './dialects/echo.ts';
import { http } from './dialects/http.ts';
import { line } from './dialects/line.ts';
import { resp } from './dialects/resp.ts';
import { conversationsOf, HUGE_VALUE, SCENARIOS, type Scenario } from './scenarios.ts';

const DIALECTS: readonly Dialect[] = [resp, line, echo, http];
const THREADS = [1, 2];

/** One row of what is printed: a mode and a number of threads. */
interface Row {
  readonly mode: ModeName;
  readonly threads: number;
  /** By protocol: how many scenarios were passed, of how many. */
  readonly cells: Map<string, string>;
  refusal: string;
}

const ROWS: readonly Row[] = MODE_NAMES.flatMap((mode) =>
  THREADS.map((threads) => ({ mode, threads, cells: new Map(), refusal: '' })),
);

/** Why some scenarios can't be played in some cells: by reason, what. */
const LEFT_OUT = new Map<string, Set<string>>();

for (const row of ROWS) {
  describe(`mode ${row.mode}, --threads ${row.threads}`, () => {
    if (isImpossible(row)) testRefusal(row);
    else for (const dialect of DIALECTS) describe(dialect.protocol, () => testCell(row, dialect));
  });
}

afterAll(() => {
  const columns = DIALECTS.map(({ protocol }) => protocol);
  const lines = ROWS.map(({ mode, threads, cells, refusal }) =>
    lineOf(
      `${mode} ${threads}`,
      refusal === '' ? columns.map((name) => cells.get(name)) : [refusal],
    ),
  );
  const reasons = [...LEFT_OUT].flatMap(([reason, what]) => [`not where ${reason}:`, ...what]);
  console.log([lineOf('scenarios passed', columns), ...lines, ...reasons].join('\n  '));
});

function lineOf(title: string, columns: readonly (string | undefined)[]): string {
  return title.padEnd(26) + columns.map((text = '-') => text.padEnd(8)).join('');
}

function isImpossible({ mode, threads }: Row): boolean {
  return !MODES.includes(mode) || (modeOf(mode).threading === 'none' && threads > 1);
}

function testRefusal(row: Row): void {
  const { mode, threads } = row;
  test('is refused, with the reason', async () => {
    const flags = ['serve', '--mode', mode, '--threads', String(threads), '--port', '0'];
    const { status, stdout, stderr } = await run(process.execPath, [SYSKV, ...flags]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(mode);
    row.refusal = stderr.trim().replace(/^syskv: /, 'refused: ');
  });
}

function testCell({ mode, threads, cells }: Row, dialect: Dialect): void {
  const { protocol } = dialect;
  const server = sharedServer('--mode', mode, '--threads', String(threads), '--protocol', protocol);
  const played = scenariosOf(dialect, capacityOf(mode, threads));
  let passed = 0;
  cells.set(protocol, `0/${played.length}`);
  test.each(played)('$what', async (scenario) => {
    await scenario.play(dialect, server());
    cells.set(protocol, `${++passed}/${played.length}`);
  });
}

function scenariosOf(dialect: Dialect, capacity: number): Scenario[] {
  const all = [...conversationsOf(dialect), ...SCENARIOS, HUGE_VALUE];
  return all.filter((scenario) => {
    const missing = scenario.missing(dialect, capacity);
    if (missing !== '') noteLeftOut(missing, scenario);
    return missing === '';
  });
}

function noteLeftOut(reason: string, { what }: Scenario): void {
  LEFT_OUT.set(reason, (LEFT_OUT.get(reason) ?? new Set()).add(`  ${what}`));
}
