/**
 * Finds the passwords in what a client sends, however the network cuts it: the bytes of one
 * connection go in, piece by piece, and the places of secret ones come out. It reads RESP, lines
 * and HTTP's heads, whichever comes, and loses its way at most until the next request.
 */
import { SecretWords } from '../../protocol/secrets.ts';

/** Told of `bytes[from, to)`, which are secret. */
export type Hide = (from: number, to: number) => void;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const DOLLAR = 0x24;
const ASTERISK = 0x2a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** What the next byte belongs to. */
type State = 'start' | 'count' | 'length' | 'argument' | 'line' | 'lost';

export class RequestSecrets {
  #state: State = 'start';
  readonly #words = new SecretWords();
  /** The beginning of the word that is being read. */
  #word = '';
  /** Words of the line that have ended. */
  #lineWords = 0;
  #number = 0;
  #isNegative = false;
  /** Bytes of the argument, and arguments of the request, still to come. */
  #left = 0;
  #arguments = 0;
  /** Bytes that mean nothing: line ends. */
  #skip = 0;
  /** Somebody has said HTTP/1: nothing is RESP any more. */
  #isHttp = false;

  /** The next bytes: `bytes[start, end)`. */
  scan(bytes: Uint8Array, start: number, end: number, hide: Hide): void {
    let at = start;
    while (at < end) {
      const skipped = Math.min(this.#skip, end - at);
      this.#skip -= skipped;
      at += skipped;
      if (at < end) at = this.#step(bytes, at, end, hide);
    }
    // An argument of no bytes ends without one.
    if (this.#state === 'argument' && this.#left === 0 && this.#skip === 0) this.#endArgument();
  }

  /** The next bytes, which nobody has written down: a log has cut them off. */
  miss(count: number): void {
    const skipped = Math.min(this.#skip, count);
    this.#skip -= skipped;
    let missing = count - skipped;
    if (this.#state === 'argument') {
      const taken = Math.min(this.#left, missing);
      this.#left -= taken;
      missing -= taken;
      if (this.#left > 0) return;
      this.#endArgument();
      const ends = Math.min(this.#skip, missing);
      this.#skip -= ends;
      missing -= ends;
    }
    if (missing > 0) this.#state = 'lost';
  }

  #step(bytes: Uint8Array, at: number, end: number, hide: Hide): number {
    switch (this.#state) {
      case 'start':
        return this.#start(bytes[at], at);
      case 'count':
      case 'length':
        return this.#digit(bytes[at], at);
      case 'argument':
        return this.#argument(bytes, at, end, hide);
      case 'line':
        return this.#line(bytes, at, end, hide);
      case 'lost':
        return this.#find(bytes, at, end, hide);
    }
  }

  #start(byte: number, at: number): number {
    if (byte === DOLLAR && this.#arguments > 0 && !this.#isHttp)
      return this.#startNumber('length', at);
    this.#words.clear();
    this.#word = '';
    this.#lineWords = 0;
    if (byte === CR || byte === LF) return at + 1;
    if (this.#isHttp || (byte !== ASTERISK && byte !== DOLLAR)) {
      this.#state = 'line';
      return at;
    }
    // A log that begins in the middle of a request begins with an argument of it.
    this.#arguments = byte === DOLLAR ? Infinity : 0;
    return this.#startNumber(byte === DOLLAR ? 'length' : 'count', at);
  }

  #startNumber(state: State, at: number): number {
    this.#state = state;
    this.#number = 0;
    this.#isNegative = false;
    return at + 1;
  }

  #digit(byte: number, at: number): number {
    if (byte >= ZERO && byte <= NINE) this.#number = this.#number * 10 + byte - ZERO;
    else if (byte === MINUS) this.#isNegative = true;
    // The byte behind CR is skipped unread, as the server does.
    else if (byte === CR) this.#endNumber(1);
    else if (byte === LF) this.#endNumber(0);
    return at + 1;
  }

  #endNumber(skip: number): void {
    this.#skip = skip;
    const value = this.#isNegative ? 0 : this.#number;
    if (this.#state === 'count') {
      this.#arguments = value;
      this.#state = 'start';
    } else if (this.#isNegative) {
      this.#arguments = 0;
      this.#state = 'start';
    } else {
      this.#left = value;
      this.#word = '';
      this.#state = 'argument';
    }
  }

  #argument(bytes: Uint8Array, at: number, end: number, hide: Hide): number {
    const until = Math.min(end, at + this.#left);
    if (this.#words.hides && until > at) hide(at, until);
    else if (!this.#words.isPlain) this.#keepWord(bytes, at, until);
    this.#left -= until - at;
    if (this.#left === 0) this.#endArgument();
    return until;
  }

  #keepWord(bytes: Uint8Array, start: number, end: number): void {
    const until = Math.min(end, start + WORD_BYTES - this.#word.length);
    for (let i = start; i < until; i++) this.#word += String.fromCharCode(bytes[i]);
  }

  #endArgument(): void {
    if (!this.#words.hides) this.#words.push(this.#word);
    this.#skip = 2;
    this.#arguments--;
    this.#state = 'start';
  }

  #line(bytes: Uint8Array, at: number, end: number, hide: Hide): number {
    const found = bytes.subarray(at, end).indexOf(LF);
    const until = found < 0 ? end : at + found;
    const from = this.#wordsOfLine(bytes, at, until);
    if (this.#words.hides) {
      const last = until > from && bytes[until - 1] === CR ? until - 1 : until;
      if (last > from) hide(from, last);
    }
    if (found < 0) return end;
    this.#endWord();
    this.#state = 'start';
    return until + 1;
  }

  /** Reads words until the rest of the line is secret. Returns where that begins. */
  #wordsOfLine(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      if (this.#words.hides || (this.#words.isPlain && this.#lineWords > HTTP_VERSION_AT))
        return at;
      const byte = bytes[at];
      if (byte === SPACE || byte === TAB || byte === CR) this.#endWord();
      else this.#takeLetter(String.fromCharCode(byte));
    }
    return end;
  }

  #takeLetter(letter: string): void {
    if (letter !== '"' && letter !== "'" && this.#word.length < WORD_BYTES) this.#word += letter;
    if (letter === ':' && SECRET_FIELDS.test(this.#word)) this.#endWord();
  }

  #endWord(): void {
    if (this.#word === '') return;
    if (this.#lineWords === 0 && SECRET_FIELDS.test(this.#word)) this.#words.push('AUTH');
    else this.#words.push(this.#word);
    if (this.#lineWords === HTTP_VERSION_AT && /^HTTP\/1\./.test(this.#word)) this.#isHttp = true;
    this.#lineWords++;
    this.#word = '';
  }

  /** The next request begins behind a line's end, if not here. What was secret stays so. */
  #find(bytes: Uint8Array, at: number, end: number, hide: Hide): number {
    this.#arguments = 0;
    if (bytes[at] === ASTERISK && !this.#words.hides) {
      this.#state = 'start';
      return at;
    }
    const found = bytes.subarray(at, end).indexOf(LF);
    const until = found < 0 ? end : at + found;
    if (this.#words.hides) hide(at, until);
    if (found >= 0) this.#state = 'start';
    return found < 0 ? end : until + 1;
  }
}

/** As long as the longest word that means something here. */
const WORD_BYTES = 24;
/** `GET /path HTTP/1.1`. */
const HTTP_VERSION_AT = 2;
const SECRET_FIELDS = /^(proxy-)?authorization:$/i;
