/** A comparison as JSON, Markdown and HTML. */
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/measure/cell.ts';
import { htmlOf } from '../../src/measure/report/html.ts';
import { markdownOf } from '../../src/measure/report/markdown.ts';
import { madeUpReport } from './cells.ts';

const report = madeUpReport();

/** Others took this share of the server's CPU. */
function beside(foreignShare: number) {
  return (cell: Cell): Cell => ({
    ...cell,
    rounds: cell.rounds.map(({ closed, open }) => ({ closed: { ...closed, foreignShare }, open })),
  });
}

test('no sentence is under a warning that it contradicts', () => {
  const busy = madeUpReport();
  const text = markdownOf({ ...busy, cells: busy.cells.map(beside(0.99)) });
  expect(text).toContain("Others took up to 99 % of the server's CPU: see the warnings.");
  expect(text).not.toMatch(/\balone\b|the most|the least|soonest/);
  expect(text.match(/No order is given/g)?.length).toBe(busy.scenarios.length + 1);
});

test('JSON names its schema and keeps every round', () => {
  const again = JSON.parse(JSON.stringify(report));
  expect(again).toMatchObject({ schema: 'syskv-compare', schemaVersion: 1 });
  expect(again.cells[2].rounds.map((round: { closed: object }) => round.closed)).toMatchObject([
    { operations: 40_000 },
    { operations: 41_000 },
    { operations: 39_000 },
  ]);
});

test('the page says how much it compares', () => {
  expect(htmlOf(report)).toContain('3 I/O models, 3 scenarios, one machine.');
  const one = { ...report, scenarios: report.scenarios.slice(0, 1) };
  expect(htmlOf(one)).toContain('3 I/O models, 1 scenario, one machine.');
});

describe('Markdown', () => {
  const text = markdownOf(report);

  test('has a table for each scenario', () => {
    const tables = text.match(/^\| server \| ops\/s \|.*\n\| --- \| ---: \|/gm);
    expect(tables?.length).toBe(report.scenarios.length);
  });

  test('gives every row as many columns as the head has', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.split('|').length)).size).toBe(1);
  });
});

describe('HTML', () => {
  const text = htmlOf(report);

  test('asks for nothing else', () => {
    expect(text).not.toMatch(/\b(src|href)="(?!#|data:)/);
    expect(text).not.toMatch(/@import|url\(/);
  });

  test('takes what it is given as text', () => {
    expect(text).not.toContain('<b>others</b>');
    expect(text.match(/<\/script>/g)?.length).toBe(3);
  });
});
