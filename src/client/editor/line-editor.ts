/**
 * A line being edited: keys in, text and cursor out. It knows no terminal; screen.ts draws it. The
 * keys are those of emacs, as in every shell; Tab goes through the completions one after the other,
 * Ctrl-R searches the history.
 */
import type { History } from './history.ts';
import { nextPosition, previousPosition } from './text-width.ts';

/** A key as node:readline's keypress events tell it. */
export interface Key {
  /** What the key sent. */
  readonly sequence: string;
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
  readonly shift?: boolean | undefined;
}

/** What a key asks of the owner of the terminal; `edited` is for all the others. */
export type KeyOutcome = 'edited' | 'bell' | 'enter' | 'interrupt' | 'end' | 'clear' | 'suspend';

interface Completion {
  readonly candidates: readonly string[];
  at: number;
}

interface Search {
  text: string;
  /** The number of the line found; `history.lines.length` before there is one. */
  at: number;
  readonly before: string;
}

export class LineEditor {
  text = '';
  cursor = 0;
  readonly #history: History;
  readonly #complete: (line: string) => readonly string[];
  #completion: Completion | undefined;
  #search: Search | undefined;
  /** What was cut last; Ctrl-Y brings it back. */
  #cut = '';

  constructor(history: History, complete: (line: string) => readonly string[]) {
    this.#history = history;
    this.#complete = complete;
  }

  /** What is looked for with Ctrl-R; undefined where nothing is. */
  get searched(): string | undefined {
    return this.#search?.text;
  }

  clear(): void {
    this.#set('');
    this.#completion = undefined;
    this.#search = undefined;
  }

  press(key: Key): KeyOutcome {
    if (this.#search !== undefined) {
      const outcome = this.#pressInSearch(this.#search, key);
      if (outcome !== undefined) return outcome;
    }
    if (key.name !== 'tab') this.#completion = undefined;
    return this.#pressInLine(key);
  }

  #pressInLine(key: Key): KeyOutcome {
    const action = ACTIONS.get(nameOf(key));
    if (action !== undefined) return action(this);
    return key.ctrl || key.meta || !isPrintable(key.sequence)
      ? 'edited'
      : this.#insert(key.sequence);
  }

  /** undefined: the search is over, and the key means what it means in a line. */
  #pressInSearch(search: Search, key: Key): KeyOutcome | undefined {
    switch (nameOf(key)) {
      case 'ctrl-r':
        return this.#find(search, search.text, search.at);
      case 'backspace':
      case 'ctrl-h':
        return this.#find(search, search.text.slice(0, -1), this.#history.lines.length);
      case 'ctrl-g':
      case 'ctrl-c':
        this.#search = undefined;
        this.#set(search.before);
        return 'edited';
      case 'escape':
        this.#search = undefined;
        return 'edited';
    }
    if (key.ctrl || key.meta || !isPrintable(key.sequence)) {
      this.#search = undefined;
      return undefined;
    }
    return this.#find(search, search.text + key.sequence, search.at + 1);
  }

  /** Shows the newest line before number `before` that holds `text`. */
  #find(search: Search, text: string, before: number): KeyOutcome {
    search.text = text;
    const found = this.#history.find(text, before);
    if (found < 0) return 'bell';
    search.at = found;
    const line = this.#history.lines[found];
    this.#set(line, line.indexOf(text));
    return 'edited';
  }

  #set(text: string, cursor = text.length): void {
    this.text = text;
    this.cursor = cursor;
  }

  #insert(text: string): KeyOutcome {
    this.#set(
      this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor),
      this.cursor + text.length,
    );
    return 'edited';
  }

  paste(): KeyOutcome {
    return this.#insert(this.#cut);
  }

  moveTo(position: number): KeyOutcome {
    this.cursor = position;
    return 'edited';
  }

  get before(): number {
    return previousPosition(this.text, this.cursor);
  }

  get behind(): number {
    return nextPosition(this.text, this.cursor);
  }

  get wordStart(): number {
    return /\S*\s*$/.exec(this.text.slice(0, this.cursor))!.index;
  }

  get wordEnd(): number {
    return this.cursor + /^\s*\S*/.exec(this.text.slice(this.cursor))![0].length;
  }

  erase(start: number, end: number): KeyOutcome {
    this.#set(this.text.slice(0, start) + this.text.slice(end), start);
    return 'edited';
  }

  /** Erases, and keeps it for `paste`. */
  cutOut(start: number, end: number): KeyOutcome {
    this.#cut = this.text.slice(start, end);
    return this.erase(start, end);
  }

  /** Ctrl-D deletes to the right; on an empty line it is the end of the input. */
  deleteOrEnd(): KeyOutcome {
    if (this.text === '') return 'end';
    return this.erase(this.cursor, this.behind);
  }

  /** Exchanges the characters around the cursor, at the end the last two. */
  transpose(): KeyOutcome {
    const right = this.cursor === this.text.length ? this.before : this.cursor;
    const left = previousPosition(this.text, right);
    if (left === right) return 'bell';
    const end = nextPosition(this.text, right);
    const swapped = this.text.slice(right, end) + this.text.slice(left, right);
    this.#set(this.text.slice(0, left) + swapped + this.text.slice(end), end);
    return 'edited';
  }

  older(): KeyOutcome {
    return this.#show(this.#history.previous(this.text));
  }

  newer(): KeyOutcome {
    return this.#show(this.#history.next());
  }

  #show(line: string | undefined): KeyOutcome {
    if (line === undefined) return 'bell';
    this.#set(line);
    return 'edited';
  }

  search(): KeyOutcome {
    const at = this.#history.lines.length;
    this.#search = { text: '', at, before: this.text };
    return 'edited';
  }

  /** The next completion of what stood there at the first Tab, behind the last one that again. */
  completeNext(step: 1 | -1): KeyOutcome {
    if (this.#completion === undefined) {
      const candidates = this.#complete(this.text);
      if (candidates.length === 0) return 'bell';
      this.#completion = { candidates: [...candidates, this.text], at: step > 0 ? -1 : 0 };
    }
    const completion = this.#completion;
    const { length } = completion.candidates;
    completion.at = (completion.at + step + length) % length;
    this.#set(completion.candidates[completion.at]);
    return completion.at === length - 1 ? 'bell' : 'edited';
  }
}

function isPrintable(sequence: string): boolean {
  return sequence !== '' && !/\p{Cc}/u.test(sequence);
}

/** `ctrl-a`, `meta-b`, `shift-tab`, `left`. */
function nameOf({ name, ctrl, meta, shift }: Key): string {
  if (name === undefined) return '';
  if (ctrl) return `ctrl-${name}`;
  if (meta) return name === 'escape' ? name : `meta-${name}`;
  return shift && name === 'tab' ? 'shift-tab' : name;
}

type Action = (editor: LineEditor) => KeyOutcome;

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['return', () => 'enter'],
  ['enter', () => 'enter'],
  ['ctrl-c', () => 'interrupt'],
  ['ctrl-l', () => 'clear'],
  ['ctrl-z', () => 'suspend'],
  ['ctrl-d', (editor) => editor.deleteOrEnd()],
  ['delete', (editor) => editor.erase(editor.cursor, editor.behind)],
  ['backspace', (editor) => editor.erase(editor.before, editor.cursor)],
  ['ctrl-h', (editor) => editor.erase(editor.before, editor.cursor)],
  ['left', (editor) => editor.moveTo(editor.before)],
  ['ctrl-b', (editor) => editor.moveTo(editor.before)],
  ['right', (editor) => editor.moveTo(editor.behind)],
  ['ctrl-f', (editor) => editor.moveTo(editor.behind)],
  ['home', (editor) => editor.moveTo(0)],
  ['ctrl-a', (editor) => editor.moveTo(0)],
  ['end', (editor) => editor.moveTo(editor.text.length)],
  ['ctrl-e', (editor) => editor.moveTo(editor.text.length)],
  ['meta-b', (editor) => editor.moveTo(editor.wordStart)],
  ['ctrl-left', (editor) => editor.moveTo(editor.wordStart)],
  ['meta-f', (editor) => editor.moveTo(editor.wordEnd)],
  ['ctrl-right', (editor) => editor.moveTo(editor.wordEnd)],
  ['ctrl-u', (editor) => editor.cutOut(0, editor.cursor)],
  ['ctrl-k', (editor) => editor.cutOut(editor.cursor, editor.text.length)],
  ['ctrl-w', (editor) => editor.cutOut(editor.wordStart, editor.cursor)],
  ['meta-backspace', (editor) => editor.cutOut(editor.wordStart, editor.cursor)],
  ['meta-d', (editor) => editor.cutOut(editor.cursor, editor.wordEnd)],
  ['ctrl-y', (editor) => editor.paste()],
  ['ctrl-t', (editor) => editor.transpose()],
  ['up', (editor) => editor.older()],
  ['ctrl-p', (editor) => editor.older()],
  ['down', (editor) => editor.newer()],
  ['ctrl-n', (editor) => editor.newer()],
  ['ctrl-r', (editor) => editor.search()],
  ['tab', (editor) => editor.completeNext(1)],
  ['shift-tab', (editor) => editor.completeNext(-1)],
]);
