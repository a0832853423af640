/** Columns that text takes on a terminal, and where its characters begin. */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** East Asian scripts, and what is drawn as a picture. */
const WIDE = new RegExp(
  [
    '\\p{Emoji_Presentation}',
    '[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3]',
    '[\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]',
    '[\\u{20000}-\\u{3fffd}]',
  ]
    .map((range) => `^${range}`)
    .join('|'),
  'u',
);
const INVISIBLE = /^[\p{Mark}\p{Cf}]/u;

export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (!INVISIBLE.test(segment)) width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** The position one character before `at`, what is drawn as one counting as one. */
export function previousPosition(text: string, at: number): number {
  if (at === 0) return 0;
  return segmenter.segment(text).containing(at - 1)?.index ?? 0;
}

/** The position one character behind `at`. */
export function nextPosition(text: string, at: number): number {
  const character = segmenter.segment(text).containing(at);
  return character === undefined ? text.length : character.index + character.segment.length;
}

/** As much of the text as fits into so many columns. */
export function cutToWidth(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    width += textWidth(segment);
    if (width > columns) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
