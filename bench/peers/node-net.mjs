/**
 * The reference on the same runtime: Node's own sockets and a Map, written the way that a careful
 * author would. Requests are parsed in the chunk they came in, one write answers all that one read
 * brought, values stay Buffers, and only keys become strings, for the Map.
 *
 *     node bench/peers/node-net.mjs [port]     prints `listening on 127.0.0.1:PORT`
 */
import { createServer } from 'node:net';

const CR = 13;
const ZERO = 48;
const STAR = 42;
const CRLF = Buffer.from('\r\n');
const OK = Buffer.from('+OK\r\n');
const PONG = Buffer.from('+PONG\r\n');
const NIL = Buffer.from('$-1\r\n');
const BROKEN = Buffer.from('-ERR Protocol error\r\n');
/** Small values are copied into one write; a large one is handed over as it is. */
const COPY_BYTES = 4096;

const store = new Map();

/** A position within a chunk, and what was read there. */
class Reader {
  chunk = Buffer.alloc(0);
  at = 0;
  number = 0;
  /** Bytes that the unfinished request lacks, as far as its last header tells: at least one. */
  missing = 1;

  /** @returns false where the chunk ends before the number's CRLF does. */
  readNumber() {
    const { chunk } = this;
    let value = 0;
    for (let at = this.at + 1; at + 1 < chunk.length; at++) {
      if (chunk[at] === CR) {
        this.number = value;
        this.at = at + 2;
        return true;
      }
      value = value * 10 + (chunk[at] - ZERO);
    }
    return false;
  }

  /** The next whole request's words. @returns false where the rest of it has not come. */
  next(words) {
    const begin = this.at;
    words.length = 0;
    this.missing = 1;
    if (this.#words(words)) return true;
    this.at = begin;
    return false;
  }

  #words(words) {
    if (this.at >= this.chunk.length) return false;
    if (this.chunk[this.at] !== STAR) throw new Error('protocol');
    if (!this.readNumber()) return false;
    for (let left = this.number; left > 0; left--) {
      if (!this.readNumber()) return false;
      const end = this.at + this.number;
      if (end + 2 > this.chunk.length) {
        this.missing = end + 2 - this.chunk.length;
        return false;
      }
      words.push(this.chunk.subarray(this.at, end));
      this.at = end + 2;
    }
    return true;
  }
}

const COMMANDS = {
  PING: () => PONG,
  GET: (words) => store.get(words[1].latin1Slice()) ?? NIL,
  SET(words) {
    store.set(words[1].latin1Slice(), bulk(words[2]));
    return OK;
  },
  MGET(words) {
    const replies = [Buffer.from(`*${words.length - 1}\r\n`)];
    for (let i = 1; i < words.length; i++) replies.push(store.get(words[i].latin1Slice()) ?? NIL);
    return Buffer.concat(replies);
  },
  INCR(words) {
    const key = words[1].latin1Slice();
    const value = Number(contentOf(store.get(key)) || 0) + 1;
    store.set(key, bulk(Buffer.from(String(value))));
    return Buffer.from(`:${value}\r\n`);
  },
  LCS(words) {
    const [a, b] = [words[1], words[2]].map((key) => contentOf(store.get(key.latin1Slice())));
    return Buffer.from(`:${commonLength(a, b)}\r\n`);
  },
};

/** Stored as it is sent: a GET then is one lookup and one copy. */
function bulk(value) {
  return Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, CRLF]);
}

function contentOf(stored) {
  if (stored === undefined) return Buffer.alloc(0);
  return stored.subarray(stored.indexOf('\r\n') + 2, stored.length - 2);
}

/** The length of the longest common subsequence, one row of the table at a time. */
function commonLength(a, b) {
  const row = new Uint32Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = a[i] === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.length];
}

/** Lower case is answered too, by the slow way. */
function execute(words) {
  const name = words[0].latin1Slice();
  const command = COMMANDS[name] ?? COMMANDS[name.toUpperCase()];
  return command === undefined ? Buffer.from(`-ERR unknown command '${name}'\r\n`) : command(words);
}

function serve(socket) {
  const reader = new Reader();
  const words = [];
  /** An unfinished request, and how many bytes have to come before it is looked at again. */
  let parts = [];
  let missing = 0;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    parts.push(chunk);
    missing -= chunk.length;
    if (missing > 0) return;
    reader.chunk = parts.length === 1 ? chunk : Buffer.concat(parts);
    reader.at = 0;
    answer(socket, reader, words);
    const isWhole = reader.at === reader.chunk.length;
    parts = isWhole ? [] : [reader.chunk.subarray(reader.at)];
    missing = isWhole ? 0 : reader.missing;
  });
}

function answer(socket, reader, words) {
  const small = [];
  let bytes = 0;
  const flush = () => {
    if (small.length === 1) socket.write(small[0]);
    else if (small.length > 1) socket.write(Buffer.concat(small, bytes));
    small.length = 0;
    bytes = 0;
  };
  try {
    while (reader.next(words)) {
      const reply = execute(words);
      if (reply.length > COPY_BYTES) {
        flush();
        socket.write(reply);
        continue;
      }
      small.push(reply);
      bytes += reply.length;
    }
    flush();
  } catch {
    flush();
    socket.end(BROKEN);
  }
}

const server = createServer({ noDelay: true }, serve);
server.listen({ port: Number(process.argv[2] ?? 0), host: '127.0.0.1', backlog: 511 }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
