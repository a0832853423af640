/**
 * Counts the replies in a stream of RESP, wherever the reads happen to cut it. It looks at the
 * headers and steps over the bodies: a generator has to know that an answer is whole, not what it
 * says.
 */

/** One for each connection. */
export class ReplyCounter {
  /** Replies that were errors. */
  errors = 0;
  /** Bytes that are not RESP came: nothing that follows can be trusted. */
  broken = false;
  /** Bytes of a bulk string's body and its CRLF that are yet to come. */
  #skip = 0;
  /** Elements that the current reply is waiting for; 1 between replies. */
  #missing = 1;
  /** Within an array: an error in there is part of an answer, not one. */
  #nested = false;
  /** The header that is being read, 0 between two; the one that was read; its number. */
  #type = 0;
  #lastType = 0;
  #number = 0;
  #negative = false;

  /** @returns how many replies ended within `bytes` from `start` to `end`. */
  feed(bytes: Uint8Array, start: number, end: number): number {
    let complete = 0;
    let at = start;
    while (at < end && !this.broken) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, end - at);
        at += step;
        this.#skip -= step;
        if (this.#skip === 0 && this.#ended()) complete++;
      } else if (this.#type === 0) {
        this.#begin(bytes[at++]);
      } else if (this.#takesNumber()) {
        at = this.#readNumber(bytes, at, end);
        if (this.#type === 0 && this.#headerDone()) complete++;
      } else {
        at = this.#readLine(bytes, at, end);
        if (this.#type === 0 && this.#ended()) complete++;
      }
    }
    return complete;
  }

  #begin(type: number): void {
    this.#type = type;
    this.#number = 0;
    this.#negative = false;
    if (type === ERROR && !this.#nested) this.errors++;
    if (!KNOWN.includes(type)) this.broken = true;
  }

  #takesNumber(): boolean {
    const type = this.#type;
    return type === BULK || type === ARRAY || type === MAP || type === SET || type === PUSH;
  }

  /** Digits up to LF. @returns where reading goes on. */
  #readNumber(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === LF) {
        this.#lastType = this.#type;
        this.#type = 0;
        return at + 1;
      }
      if (byte === MINUS) this.#negative = true;
      else if (byte !== CR) this.#number = this.#number * 10 + (byte - ZERO);
    }
    return end;
  }

  /** Whether the header was all of a reply: an empty or null array, a null bulk. */
  #headerDone(): boolean {
    if (this.#lastType === BULK) {
      if (this.#negative) return this.#ended();
      this.#skip = this.#number + CRLF_BYTES;
      return false;
    }
    const elements = this.#negative ? 0 : this.#number * (this.#lastType === MAP ? 2 : 1);
    this.#missing += elements;
    this.#nested = true;
    return this.#ended();
  }

  /** A line that says nothing about what follows it. @returns where reading goes on. */
  #readLine(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      if (bytes[at] !== LF) continue;
      this.#type = 0;
      return at + 1;
    }
    return end;
  }

  /** One element is there: is it the reply's last one? */
  #ended(): boolean {
    this.#missing--;
    if (this.#missing > 0) return false;
    this.#missing = 1;
    this.#nested = false;
    return true;
  }
}

const ERROR = 45; // -
const BULK = 36; // $
const ARRAY = 42; // *
const MAP = 37; // %
const SET = 126; // ~
const PUSH = 62; // >
const MINUS = 45;
const CR = 13;
const LF = 10;
const ZERO = 48;
const CRLF_BYTES = 2;
/** Of RESP2 and RESP3: + - : $ * % ~ > _ # , ( */
const KNOWN: readonly number[] = [43, ERROR, 58, BULK, ARRAY, MAP, SET, PUSH, 95, 35, 44, 40];
