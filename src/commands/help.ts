/** HELP under a container, written from the container's own rows. */
import type { Call, Command } from './call.ts';
import type { CommandTable } from './command-table.ts';
import { plainSyntax } from './syntax.ts';

const LINE_COLUMNS = 79;
const INDENT = '    ';

export function help(table: () => CommandTable, container: string): (call: Call) => void {
  return ({ reply }) => {
    const rows = [...(table().named(container)?.subcommands?.values() ?? [])];
    const others = rows.filter((row) => row.name !== `${container}|help`);
    const title = `${container.toUpperCase()} <subcommand> [<arg> [value] [opt] ...].`;
    const lines = [
      `${title} Subcommands are:`,
      ...others.flatMap(helpLines),
      'HELP',
      `${INDENT}Print this help.`,
    ];
    reply.array(lines.length);
    for (const line of lines) reply.status(line);
  };
}

function helpLines(row: Command): string[] {
  const word = row.name.slice(row.name.indexOf('|') + 1).toUpperCase();
  return [`${word} ${plainSyntax(row.syntax)}`.trimEnd(), ...wrapped(row.summary)];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(' ')) {
    if (line !== INDENT && line.length + 1 + word.length > LINE_COLUMNS) {
      lines.push(line);
      line = INDENT;
    }
    line += line === INDENT ? word : ` ${word}`;
  }
  return [...lines, line];
}
