/** How answers become bytes (RFC 9112, 4). One a thread; `prepare` says whom it answers. */
import type { Loan } from '../../bytes/loan.ts';
import type { ReplyBuffer } from '../reply-buffer.ts';
import type { HttpRefusal } from './refusal.ts';

/** RFC 9110, 15. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  411: 'Length Required',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
  507: 'Insufficient Storage',
};

const VALUE_TYPE = 'application/octet-stream';
/** A browser must not take a value for a page or a script, whatever it looks like (Fetch, 3.6). */
const NO_GUESSING = 'X-Content-Type-Options: nosniff\r\n';
const PLAIN_TEXT = 'text/plain; charset=utf-8';
/** RFC 7617. */
const CHALLENGE = 'WWW-Authenticate: Basic realm="syskv", charset="UTF-8"\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const MILLISECONDS = 1000;

export class HttpReply {
  readonly #out: ReplyBuffer;
  #nowMs = 0;
  #minorVersion = 1;
  #closes = false;
  #omitsBody = false;
  #date = '';
  #dateSecond = -1;

  constructor(out: ReplyBuffer) {
    this.#out = out;
  }

  /**
   * The next answer is for a request of this minor version. `closes`: it is the connection's last
   * one; `omitsBody`: it answers HEAD.
   */
  prepare(nowMs: number, minorVersion: number, closes: boolean, omitsBody: boolean): void {
    this.#nowMs = nowMs;
    this.#minorVersion = minorVersion;
    this.#closes = closes;
    this.#omitsBody = omitsBody;
  }

  /** This answer is the connection's last one after all. */
  close(): void {
    this.#closes = true;
  }

  /** Go on, send the body. The answer proper follows. */
  continue(): void {
    this.#out.appendText(CONTINUE);
  }

  /** An answer that its status says all about. */
  empty(status: number): void {
    // RFC 9110, 8.6: with 204 a Content-Length is forbidden, there is nothing to measure.
    this.#head(status, status === 204 ? '' : 'Content-Length: 0\r\n');
  }

  /** 200 with `bytes[start, end)`. */
  value(bytes: Uint8Array, start: number, end: number): void {
    this.#headOfContent(200, VALUE_TYPE, end - start, NO_GUESSING);
    if (!this.#omitsBody) this.#out.append(bytes, start, end);
  }

  get roomBytes(): number {
    return this.#out.bytes.length;
  }

  /** Whether `valueOnLoan` may be called. */
  get canBorrow(): boolean {
    return !this.#omitsBody && this.#out.insertion === null;
  }

  /** `value` of bytes that need not be copied. From here on the loan is the reply's. */
  valueOnLoan(loan: Loan): void {
    this.#headOfContent(200, VALUE_TYPE, loan.end - loan.start, NO_GUESSING);
    this.#out.insert(loan);
  }

  /** 200 with this text, whose characters are ASCII. */
  text(text: string, type = PLAIN_TEXT): void {
    this.#content(200, type, text, '');
  }

  refuse({ status, message, allow }: HttpRefusal): void {
    const fields = status === 401 ? CHALLENGE : allow === '' ? '' : `Allow: ${allow}\r\n`;
    this.#content(status, PLAIN_TEXT, `${status} ${REASONS[status]}: ${message}\n`, fields);
  }

  #content(status: number, type: string, text: string, fields: string): void {
    this.#headOfContent(status, type, text.length, fields);
    if (!this.#omitsBody) this.#out.appendText(text);
  }

  #headOfContent(status: number, type: string, lengthBytes: number, fields: string): void {
    const described = `Content-Type: ${type}\r\nContent-Length: ${lengthBytes}\r\n`;
    this.#head(status, `${described}${fields}`);
  }

  #head(status: number, fields: string): void {
    const line = `HTTP/1.1 ${status} ${REASONS[status]}\r\n`;
    this.#out.appendText(`${line}Date: ${this.#dateText()}\r\n${fields}${this.#connection()}\r\n`);
  }

  /** Said only where the version's own rule says otherwise. */
  #connection(): string {
    if (this.#closes) return 'Connection: close\r\n';
    return this.#minorVersion === 0 ? 'Connection: keep-alive\r\n' : '';
  }

  /** IMF-fixdate, put together once a second. */
  #dateText(): string {
    const second = Math.floor(this.#nowMs / MILLISECONDS);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = new Date(second * MILLISECONDS).toUTCString();
    }
    return this.#date;
  }
}
