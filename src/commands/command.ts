/**
 * What is known of a command before it is run. COMMAND, COMMAND DOCS, HELP and docs/commands.md
 * come from it.
 */

/** Redis' own flag names (redis.io/docs/latest/commands/command). */
export type CommandFlag =
  | 'readonly'
  | 'write'
  | 'denyoom'
  | 'fast'
  | 'admin'
  | 'noscript'
  | 'loading'
  | 'stale'
  | 'no_auth'
  | 'allow_busy'
  | 'skip_slowlog'
  | 'skip_monitor'
  | 'no_async_loading'
  | 'no_multi'
  | 'movablekeys';

export type CommandGroup =
  | 'string'
  | 'bitmap'
  | 'generic'
  | 'connection'
  | 'server'
  | 'transactions'
  | 'scripting';

/** Where keys stand among the arguments, and what is done to them. */
export interface KeySpec {
  /** The first key's argument. */
  readonly first: number;
  /** The last key's argument; negative: counted from the end. */
  readonly last: number;
  readonly step: number;
  /** `RO`, `RW`, `OW` or `RM`, then `access`, `update`, `insert`, `delete`, `variable_flags`. */
  readonly flags: readonly string[];
}

/** A row of the command table, but for what runs it (call.ts). */
export interface CommandFacts {
  /** Lower-case; a subcommand's with its container before a bar: `client|list`. */
  readonly name: string;
  /** Positive: exactly so many arguments, the name included; negative: at least so many. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  /** ACL categories without their `@`. */
  readonly categories: readonly string[];
  /** Over all key specs: first key, last key (negative: from the end), step; 0 0 0 without keys. */
  readonly keys: readonly [first: number, last: number, step: number];
  readonly keySpecs: readonly KeySpec[];
  /** Hints for proxies and clusters (redis.io/docs/latest/develop/reference/command-tips). */
  readonly tips: readonly string[];
  readonly group: CommandGroup;
  readonly since: string;
  readonly complexity: string;
  readonly summary: string;
  /** The arguments in the notation of syntax.ts: `key value [NX | XX]`. */
  readonly syntax: string;
  /** Its place in the table's counts; set by the table. */
  number: number;
  /** What the store must be ready for: the bits of ACCESS_* in row.ts. */
  readonly access: number;
}
