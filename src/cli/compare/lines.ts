/** Text within the width of a terminal: wrapped, never cut off. */

/** Where output goes to a file or a pipe. */
export const USUAL_WIDTH = 100;
/** Narrower than this a table is no table any more. */
const NARROWEST = 60;

export function widthOf({ columns }: { readonly columns?: number }): number {
  return Math.max(NARROWEST, columns || USUAL_WIDTH);
}

/**
 * Lines of at most `width` characters, broken between words; a word that is longer than a line is
 * broken in itself.
 * @param indent before every line but the first one.
 */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    for (const piece of piecesOf(word, width - indent.length)) {
      const line = lines[lines.length - 1];
      const longer = line.trim() === '' ? line + piece : `${line} ${piece}`;
      if (longer.length <= width) lines[lines.length - 1] = longer;
      else lines.push(indent + piece);
    }
  }
  return lines;
}

function piecesOf(word: string, most: number): string[] {
  return word.match(new RegExp(`.{1,${most}}`, 'gu')) ?? [''];
}
