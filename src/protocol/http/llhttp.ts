/**
 * llhttp, the parser inside Node, as WebAssembly: synchronous, resumable at any byte, one instance
 * a thread. Its errors come back as numbers; what it finds is told through `LlhttpEvents`.
 *
 * The module is carried along (third-party/llhttp): no package of it is published for JavaScript,
 * and parsers written in JavaScript are too lenient to be made strict from outside (http-parser-js
 * joins folded lines, skips malformed ones and reads chunk sizes with parseInt).
 */

/** What llhttp answers (llhttp.h, enum llhttp_errno), as far as it is told apart here. */
export const LLHTTP_OK = 0;
export const LLHTTP_INVALID_METHOD = 6;
export const LLHTTP_INVALID_CONSTANT = 8;
/** An event asked to stop right behind what it was told. */
export const LLHTTP_PAUSED = 21;
/** Behind a request that asks for another protocol: it is up to the caller how to go on. */
export const LLHTTP_PAUSED_UPGRADE = 22;
/** Behind the preface of HTTP/2. */
export const LLHTTP_PAUSED_HTTP2 = 23;
/** An event refused what it was told. */
export const LLHTTP_USER = 24;

/** Each returns LLHTTP_OK to go on; positions are those of the input that `execute` was given. */
export interface LlhttpEvents {
  /** Texts may come in pieces. */
  target(input: Uint8Array, start: number, end: number): number;
  fieldName(input: Uint8Array, start: number, end: number): number;
  fieldValue(input: Uint8Array, start: number, end: number): number;
  headComplete(keepAlive: boolean): number;
  content(input: Uint8Array, start: number, end: number): number;
  messageComplete(): number;
}

/** The most that one `execute` takes: as much as one read brings. */
export const WINDOW_BYTES = 64 * 1024;

/** llhttp.h, enum llhttp_type. */
const TYPE_REQUEST = 1;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  malloc(lengthBytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_reset(parser: number): void;
  llhttp_resume(parser: number): void;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_execute(parser: number, at: number, lengthBytes: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_set_lenient_version(parser: number, enabled: number): void;
}

/** The types of es2023 lack WebAssembly, and those of the DOM would bring a browser with them. */
interface WebAssemblyFace {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyFace })
  .WebAssembly;

export class Llhttp {
  readonly #exports: Exports;
  /** Where in WebAssembly's memory the input is put. */
  readonly #window: number;
  #memory: Uint8Array;
  /** What `execute` is at: whom to tell, and where the window's bytes come from. */
  #events: LlhttpEvents | undefined;
  #input: Uint8Array = new Uint8Array(0);
  #start = 0;

  /** `wasm` is the module's file. */
  constructor(wasm: Uint8Array) {
    const instance = new Instance(new Module(wasm), { env: this.#imports() });
    this.#exports = instance.exports as Exports;
    this.#exports._initialize();
    this.#window = this.#exports.malloc(WINDOW_BYTES);
    this.#memory = new Uint8Array(this.#exports.memory.buffer);
  }

  /** A parser for requests. It lives as long as this instance: reset it and use it again. */
  create(): number {
    const parser = this.#exports.llhttp_alloc(TYPE_REQUEST);
    // Of the leniencies this one is safe, and needed to answer 505 instead of 400.
    this.#exports.llhttp_set_lenient_version(parser, 1);
    return parser;
  }

  reset(parser: number): void {
    this.#exports.llhttp_reset(parser);
  }

  /**
   * Parses `input[start, end)`, at most WINDOW_BYTES of it. Returns LLHTTP_OK when all of it was
   * taken, or why not; `stoppedAt` then tells where. An empty range flushes what is due.
   */
  execute(
    parser: number,
    events: LlhttpEvents,
    input: Uint8Array,
    start: number,
    end: number,
  ): number {
    // The buffer is detached when the memory grows, which a new parser can make it do.
    if (this.#memory.length === 0) this.#memory = new Uint8Array(this.#exports.memory.buffer);
    this.#memory.set(input.subarray(start, end), this.#window);
    this.#events = events;
    this.#input = input;
    this.#start = start;
    return this.#exports.llhttp_execute(parser, this.#window, end - start);
  }

  /** The position in the last input where `execute` stopped. */
  stoppedAt(parser: number): number {
    return this.#position(this.#exports.llhttp_get_error_pos(parser));
  }

  /** After a pause. */
  resume(parser: number): void {
    this.#exports.llhttp_resume(parser);
  }

  resumeAfterUpgrade(parser: number): void {
    this.#exports.llhttp_resume_after_upgrade(parser);
  }

  /** What llhttp has to say about its last error, in English. */
  reason(parser: number): string {
    let text = '';
    let at = this.#exports.llhttp_get_error_reason(parser);
    while (at !== 0 && this.#memory[at] !== 0) text += String.fromCharCode(this.#memory[at++]);
    return text;
  }

  majorVersion(parser: number): number {
    return this.#exports.llhttp_get_http_major(parser);
  }

  minorVersion(parser: number): number {
    return this.#exports.llhttp_get_http_minor(parser);
  }

  /** The method's number (llhttp.h, enum llhttp_method). */
  method(parser: number): number {
    return this.#exports.llhttp_get_method(parser);
  }

  #position(at: number): number {
    return at - this.#window + this.#start;
  }

  #imports(): object {
    type Span = 'target' | 'fieldName' | 'fieldValue' | 'content';
    const span = (name: Span) => (_parser: number, at: number, lengthBytes: number) => {
      const start = this.#position(at);
      return this.#events![name](this.#input, start, start + lengthBytes);
    };
    return {
      wasm_on_message_begin: () => LLHTTP_OK,
      wasm_on_status: () => LLHTTP_OK,
      wasm_on_url: span('target'),
      wasm_on_header_field: span('fieldName'),
      wasm_on_header_value: span('fieldValue'),
      wasm_on_body: span('content'),
      wasm_on_headers_complete: (_parser: number, _status: number, _up: number, keep: number) =>
        this.#events!.headComplete(keep !== 0),
      wasm_on_message_complete: () => this.#events!.messageComplete(),
    };
  }
}
