/** What COMMAND DOCS tells of a command's past, and COMMAND of its keys, as Redis 7.0 words it. */

/** Versions, and what each has changed. */
export type History = ReadonlyArray<readonly [version: string, change: string]>;

export const HISTORY: Readonly<Record<string, History>> = {
  auth: [['6.0.0', 'Added ACL style (username and password).']],
  bitcount: [['7.0.0', 'Added the `BYTE|BIT` option.']],
  bitpos: [['7.0.0', 'Added the `BYTE|BIT` option.']],
  'client|kill': [
    ['2.8.12', 'Added new filter format.'],
    ['2.8.12', '`ID` option.'],
    ['3.2.0', 'Added `master` type in for `TYPE` option.'],
    [
      '5.0.0',
      'Replaced `slave` `TYPE` with `replica`. `slave` still supported for backward compatibility.',
    ],
    ['6.2.0', '`LADDR` option.'],
  ],
  'client|list': [
    ['2.8.12', 'Added unique client `id` field.'],
    ['5.0.0', 'Added optional `TYPE` filter.'],
    ['6.0.0', 'Added `user` field.'],
    [
      '6.2.0',
      'Added `argv-mem`, `tot-mem`, `laddr` and `redir` fields and the optional `ID` filter.',
    ],
    ['7.0.0', 'Added `resp`, `multi-mem`, `rbs` and `rbp` fields.'],
    ['7.0.3', 'Added `ssub` field.'],
  ],
  'client|pause': [['6.2.0', '`CLIENT PAUSE WRITE` mode added along with the `mode` option.']],
  'command|info': [['7.0.0', 'Allowed to be called with no argument to get info on all commands.']],
  'config|get': [['7.0.0', 'Added the ability to pass multiple pattern parameters in one call']],
  'config|set': [['7.0.0', 'Added the ability to set multiple parameters in one call.']],
  exists: [['3.0.3', 'Accepts multiple `key` arguments.']],
  expire: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  expireat: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  flushall: [
    ['4.0.0', 'Added the `ASYNC` flushing mode modifier.'],
    ['6.2.0', 'Added the `SYNC` flushing mode modifier.'],
  ],
  flushdb: [
    ['4.0.0', 'Added the `ASYNC` flushing mode modifier.'],
    ['6.2.0', 'Added the `SYNC` flushing mode modifier.'],
  ],
  hello: [
    [
      '6.2.0',
      "`protover` made optional; when called without arguments the command reports the current connection's context.",
    ],
  ],
  info: [['7.0.0', 'Added support for taking multiple section arguments.']],
  pexpire: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  pexpireat: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  pttl: [['2.8.0', 'Added the -2 reply.']],
  renamenx: [
    [
      '3.2.0',
      'The command no longer returns an error when source and destination names are the same.',
    ],
  ],
  restore: [
    ['3.0.0', 'Added the `REPLACE` modifier.'],
    ['5.0.0', 'Added the `ABSTTL` modifier.'],
    ['5.0.0', 'Added the `IDLETIME` and `FREQ` options.'],
  ],
  scan: [['6.0.0', 'Added the `TYPE` subcommand.']],
  set: [
    ['2.6.12', 'Added the `EX`, `PX`, `NX` and `XX` options.'],
    ['6.0.0', 'Added the `KEEPTTL` option.'],
    ['6.2.0', 'Added the `GET`, `EXAT` and `PXAT` option.'],
    ['7.0.0', 'Allowed the `NX` and `GET` options to be used together.'],
  ],
  shutdown: [['7.0.0', 'Added the `NOW`, `FORCE` and `ABORT` modifiers.']],
  'slowlog|get': [['4.0.0', 'Added client IP address, port and name to the reply.']],
  ttl: [['2.8.0', 'Added the -2 reply.']],
};

export const DEPRECATED: Readonly<Record<string, { since: string; replacedBy: string }>> = {
  getset: { since: '6.2.0', replacedBy: '`SET` with the `!GET` argument' },
  substr: { since: '2.0.0', replacedBy: '`GETRANGE`' },
};

/** Of commands that are not deprecated. */
export const DOCUMENT_FLAGS: Readonly<Record<string, string>> = { debug: 'syscmd' };

/** Why a command's keys have the flags that they have. */
export const KEY_NOTES: Readonly<Record<string, string>> = {
  getex: 'RW and UPDATE because it changes the TTL',
  set: 'RW and ACCESS due to the optional `GET` argument',
  bitfield: 'This command allows both access and modification of the key',
};
