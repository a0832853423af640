/** Figures within a page. */
import { expect, test } from 'vitest';
import { intoPage, markersOf } from '../../src/bench/page.ts';

const { begin: BEGIN, end: END } = markersOf('bench --');

test('stand between the markers, whatever stood there', () => {
  const page = `# Title\n\n${BEGIN}\n\nold\n\n${END}\n\nThe end.\n`;
  const expected = `# Title\n\n${BEGIN}\n\nnew\n\n${END}\n\nThe end.\n`;
  expect(intoPage(page, 'bench --', 'new\n')).toBe(expected);
  expect(intoPage(expected, 'bench --', 'new\n')).toBe(expected);
});

test.each(['', '# Another page\n', `${END} ${BEGIN}`])('are all of a page without: %j', (page) => {
  expect(intoPage(page, 'bench --', 'new\n')).toBe('new\n');
});
