/** A comparison as JSON, Markdown and sentences. */
import { describe, expect, test } from 'vitest';
import { htmlOf } from '../../src/measure/report/html.ts';
import { markdownOf } from '../../src/measure/report/markdown.ts';
import {
  costSentence,
  idleSentence,
  latencySentence,
  throughputSentence,
} from '../../src/measure/report/sentences.ts';
import { madeUpReport } from './cells.ts';

const report = madeUpReport();
const [scenario] = report.scenarios;

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

describe('a sentence', () => {
  test('says who answers the most, against the references, and who can not', () => {
    expect(throughputSentence(report, scenario)).toBe(
      "epoll answers the most: 40,000 operations/s, 1.59 × node-net. The least is poll's 20,000. " +
        "blocking can't: 1 of 50 clients served: it serves one client.",
    );
  });

  test('says who answers soonest at the same load', () => {
    expect(latencySentence(report, scenario)).toBe(
      'With 7,000 operations/s offered to each, 99 of 100 answers come soonest from epoll with ' +
        '5.00 ms, latest from poll with 10.0 ms; 1 of 1,000 takes longer than 10.0 ms and 20.0 ms.',
    );
  });

  test('says what an operation costs, and where', () => {
    expect(costSentence(report, scenario)).toMatch(
      /^An operation takes the least CPU time under \S+: 10\.0 µs, 80 % of it in the kernel\./,
    );
  });

  test('says what idle connections leave of the throughput', () => {
    expect(idleSentence(report)).toBe(
      'From 10 to 1,000 idle connections, this much of the throughput is left: epoll 100 %, ' +
        'node-net 100 % and poll 67 %. blocking did not carry that many.',
    );
  });
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
