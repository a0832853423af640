/**
 * docs/commands.md from the rows of the command table. Pure: write-command-page.mjs writes the
 * file.
 */

const GROUPS = [
  ['string', 'Strings'],
  ['bitmap', 'Bits'],
  ['generic', 'Keys'],
  ['transactions', 'Transactions'],
  ['connection', 'Connection'],
  ['server', 'Server'],
  ['scripting', 'Scripting'],
];

const INTRODUCTION = `# Commands

<!-- Written by \`npm run docs:commands\` from src/commands/rows-*.ts: change it there. -->

Each command answers what Redis 7.0 answers, errors included, in RESP2 and RESP3; \`COMMAND
DOCS\` tells the same to clients. \`[…]\` may be left out, \`|\` parts alternatives, \`...\`
repeats what stands before it. What is not listed here does not exist, and is answered as Redis
answers an unknown command.
`;

const DIFFERENCES = `## What differs from Redis

- \`OBJECT ENCODING\` says how Redis would represent the value; here all are plain bytes.
  \`OBJECT REFCOUNT\` is 1. \`DUMP\` does not compress.
- A time of expiry beyond 2^53 milliseconds (the year 287396) is kept as that year's end.
- An expired key that was only read goes on counting in \`DBSIZE\` until a writer or the expiry
  cycle meets it.
- \`CONFIG\` knows the settings of Redis 7.0. Those of what is not here (persistence,
  replication, cluster) are kept and told, and do nothing; \`appendonly yes\` and a \`save\` with
  a schedule are refused. \`port\` and \`bind\` can't be set while
  the server runs. Ordinary clients have a \`client-output-buffer-limit\` of 1 GiB.
- \`maxmemory-clients\` 0 is 1 GiB here, not no limit at all, and counts unfinished requests
  and what MULTI has queued; INFO's \`syskv_maxmemory_clients\` tells the limit that holds.
- \`maxmemory\` 0 is half of the machine's memory here, not none at all. \`CONFIG GET
  syskv-maxmemory\` and INFO's \`syskv_maxmemory\` tell the limit that holds.
- Between its requests a connection has no buffers: \`CLIENT LIST\` tells \`argv-mem\`, \`rbs\`
  and the whole \`qbuf\` of the client that asks, and of others what they have begun or queued.
- Quick commands of a pipeline are timed in groups of up to 16, and each is put down for its
  share: \`SLOWLOG\` and \`LATENCY\` then name the last of the group. With
  \`slowlog-log-slower-than\` below 1000 each command is timed by itself. \`SLOWLOG\` holds 1024
  entries at most.
- \`LATENCY HISTOGRAM\` and \`INFO latencystats\` count in steps of powers of two.
- \`DEBUG\` is for local connections, and knows the topics that \`DEBUG HELP\` lists.
- \`CLIENT REPLY OFF\` or \`SKIP\` within a transaction: \`EXEC\` is not answered. Redis answers
  an array that lacks an element.
- \`WATCH\`: a write of another key ends a transaction by mistake once in 260,000 keys that are
  written while it watches.
- In \`prefork\`, \`CLIENT KILL\` of a client that another process serves takes effect when that
  client says something, or within a second.
- \`CLIENT NO-TOUCH\` and \`CLIENT SETINFO\`, which Redis has since 7.2, are there too, and
  \`EXIT\`.
`;

/**
 * The whole page. `rows`: the table's commands, subcommands within them; `plain` turns the notation
 * of their arguments into that of manuals.
 */
export function commandPage(rows, plain) {
  const sections = GROUPS.map(([group, title]) => section(title, rows.filter(of(group)), plain));
  return [INTRODUCTION, ...sections.filter((text) => text !== ''), DIFFERENCES].join('\n');
}

function of(group) {
  return (row) => row.group === group;
}

function section(title, rows, plain) {
  if (rows.length === 0) return '';
  const sorted = [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.flatMap((row) => [
    ...(isOnlyRoof(row) ? [] : [line(row, plain)]),
    ...[...(row.subcommands?.values() ?? [])].map((subcommand) => line(subcommand, plain)),
  ]);
  const head = ['| command | what it does | complexity | since |', '|---|---|---|---|'];
  return [`## ${title}`, '', ...head, ...lines, ''].join('\n');
}

/** A container that is an error by itself. */
function isOnlyRoof(row) {
  return row.subcommands !== undefined && row.arity === -2;
}

function line({ name, syntax, summary, complexity, since }, plain) {
  const usage = `${name.replace('|', ' ').toUpperCase()} ${plain(syntax)}`.trim();
  const cells = [`\`${usage.replaceAll('|', '\\|')}\``, summary, complexity, since];
  return `| ${cells.join(' | ')} |`;
}
