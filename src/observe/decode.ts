/**
 * Bytes of a conversation in a few words: `SET name Alice`, `OK`, `GET /keys/name`. What was logged
 * may be cut short, or be the middle of something: whatever does not parse is shown as text.
 */

/** A request as a client sends it: RESP arrays, HTTP, or lines. */
export function describeRequest(bytes: Uint8Array, totalBytes: number): string {
  if (bytes.length === 0) return sizeOf(totalBytes);
  const text = latin1(bytes);
  const whole = bytes.length >= totalBytes;
  if (HTTP_REQUEST.test(text)) return clip(line(text).replace(/ HTTP\/1\.[01]$/, ''));
  const requests = /^[*$]/.test(text) ? respRequests(text) : null;
  return summarise(requests ?? lines(text), whole);
}

/** A reply, as describeRequest. */
export function describeReply(bytes: Uint8Array, totalBytes: number): string {
  if (bytes.length === 0) return sizeOf(totalBytes);
  const text = latin1(bytes);
  const whole = bytes.length >= totalBytes;
  if (/^HTTP\/1\.[01] /.test(text))
    return clip(`${line(text).slice('HTTP/1.1 '.length)}${body(text)}`);
  const replies = RESP_REPLY.test(text) ? respReplies(text) : null;
  return summarise(replies ?? lines(text), whole);
}

const HTTP_REQUEST = /^[A-Z]+ [^ \r\n]+ HTTP\/1\.[01]\r?\n/;
const RESP_REPLY = /^[-+:$*_%#,(=~>!|]/;

/** How many of a batch are shown by themselves. */
const SHOWN = 3;
const MOST_CHARACTERS = 72;

function summarise(parts: readonly string[], whole: boolean): string {
  const shown = parts.slice(0, SHOWN).join(' · ');
  const rest = parts.length - SHOWN;
  const more = rest > 0 ? ` · and ${rest}${whole ? '' : ' or'} more` : '';
  return `${clip(shown)}${more}${whole || rest > 0 || shown.length > MOST_CHARACTERS ? '' : '…'}`;
}

function clip(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

function sizeOf(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

function line(text: string): string {
  return /^[^\r\n]*/.exec(text)![0];
}

function lines(text: string): string[] {
  const found = text.split(/\r?\n/).filter((part) => part !== '');
  return found.length === 0 ? ['an empty line'] : found.map(printable);
}

function body(text: string): string {
  const start = text.indexOf('\r\n\r\n');
  const content = start < 0 ? '' : line(text.slice(start + 4));
  return content === '' ? '' : `, ${printable(content)}`;
}

/** Null where it is no array of strings; it may begin within one, where an earlier read ended. */
function respRequests(text: string): string[] | null {
  const requests: string[] = [];
  const reader = new RespText(text);
  if (text.startsWith('$')) requests.push(`… ${reader.words(Infinity).map(word).join(' ')}`);
  while (!reader.done) {
    const words = reader.request();
    if (words === null) return requests.length > 0 ? requests : null;
    if (words.length > 0) requests.push(words.map(word).join(' '));
    else if (reader.done && !text.endsWith('*0\r\n')) requests.push('the beginning of a request');
  }
  return requests;
}

function respReplies(text: string): string[] | null {
  const replies: string[] = [];
  const reader = new RespText(text);
  while (!reader.done) {
    const reply = reader.reply(0);
    if (reply === null) return replies.length > 0 ? replies : null;
    replies.push(reply);
  }
  return replies;
}

/**
 * RESP in a string with one character a byte. Where the text ends early, what is there is taken.
 */
class RespText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The words of one request; null where there is none. */
  request(): string[] | null {
    const count = Number(/^\*(\d{1,7})$/.exec(this.#line())?.[1] ?? Number.NaN);
    if (Number.isNaN(count)) return null;
    return this.words(count);
  }

  /** Up to `most` bulk strings. */
  words(most: number): string[] {
    const words: string[] = [];
    while (words.length < most && this.#text[this.#at] === '$') {
      const length = Number(this.#line().slice(1));
      if (!this.done) words.push(this.#bulk(length));
    }
    return words;
  }

  reply(depth: number): string | null {
    const head = this.#line();
    const value = head.slice(1);
    switch (head[0]) {
      case '+':
      case ':':
      case ',':
      case '(':
        return printable(value);
      case '-':
      case '!':
        return `error: ${printable(value)}`;
      case '#':
        return value === 't' ? 'true' : 'false';
      case '_':
        return '(nil)';
      case '$':
      case '=':
        return value === '-1' ? '(nil)' : word(this.#bulk(Number(value)));
      case '*':
      case '~':
      case '>':
        return value === '-1' ? '(nil)' : this.#collection('[]', Number(value), depth);
      case '%':
      case '|':
        return this.#collection('{}', Number(value) * 2, depth);
      default:
        return null;
    }
  }

  #collection(brackets: string, count: number, depth: number): string {
    const parts: string[] = [];
    for (let i = 0; i < count && !this.done && depth < DEEPEST; i++) {
      const part = this.reply(depth + 1);
      if (part === null) break;
      parts.push(part);
    }
    return `${brackets[0]}${parts.join(', ')}${brackets[1]}`;
  }

  #line(): string {
    const end = this.#text.indexOf('\r\n', this.#at);
    const found = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return found;
  }

  #bulk(length: number): string {
    const found = this.#text.slice(this.#at, this.#at + length);
    this.#at += length + 2;
    return found;
  }
}

/** A nested reply is a few brackets deep; a hostile one must not exhaust the stack. */
const DEEPEST = 8;

/** As a person would type it: in quotes where it has spaces in it, or is empty. */
function word(text: string): string {
  const shown = printable(text);
  return /^[^\s"']+$/.test(shown) ? shown : `"${shown.replaceAll('"', '\\"')}"`;
}

/** UTF-8 where it is; other bytes and controls as escapes. */
function printable(text: string): string {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  return utf8(bytes).replace(/[\u0000-\u001f\u007f-\u009f\ufffd]/g, escapeControl);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

function escapeControl(character: string): string {
  const name = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return name ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
