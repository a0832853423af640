/**
 * The note in a segment's header. A change is made so that each store of a word leaves every entry
 * within reach (rebuild.ts puts the rest right); for the two that can't be, the note says what a
 * writer that is killed in their midst was about.
 *
 *   UNDOABLE   a value, a length or an expiry is changed where it stands. The note holds the words
 *              as they were: put back, the change has not been.
 *              │ words in use │ place, count, that many words │ place, count, … │
 *   MOVING     a block slides down over itself. The note says how far it is: the rest can follow.
 *              │ from │ to │ words │ words moved │
 *
 * The note counts while IN_PROGRESS says so, which is one store: to begin, to end, to forget it.
 */
import { blockUnits } from '../arena.ts';
import { entryValueAt } from '../entry.ts';
import { CHANGING, HEAP, IN_PROGRESS, MOVING, NOTE, NOTE_WORDS, UNDOABLE } from '../layout.ts';

/** Of an undoable change: how many words of records follow. */
const USED = NOTE;
const RECORDS = NOTE + 1;
const RECORD_HEAD_WORDS = 2;
/** The longest header of an entry, with the length and the expiry. */
const ENTRY_HEAD_WORDS = 6;
/** Of a move. */
export const MOVE_FROM = NOTE;
export const MOVE_TO = NOTE + 1;
export const MOVE_WORDS = NOTE + 2;
export const MOVE_DONE = NOTE + 3;
/** Below this a loop beats the call of copyWithin. */
const LOOP_WORDS = 32;

/** Notes a whole block that is about to be changed in its place. False: the note has no room. */
export function noteBlock(words: Int32Array, block: number): boolean {
  words[USED] = 0;
  if (!addRecord(words, block, blockUnits(words[block]) * 2)) return false;
  words[IN_PROGRESS] = UNDOABLE;
  return true;
}

/**
 * Notes an entry's header, and of its value the bytes `[from, to)`: all that is about to be
 * changed. False: the note has no room.
 */
export function notePart(words: Int32Array, entry: number, from: number, to: number): boolean {
  words[USED] = 0;
  const headWords = Math.min(blockUnits(words[entry]) * 2, ENTRY_HEAD_WORDS);
  if (!addRecord(words, entry, headWords)) return false;
  if (from < to) {
    const value = entryValueAt(words, entry);
    const first = value + Math.floor(from / 4);
    if (!addRecord(words, first, value + Math.ceil(to / 4) - first)) return false;
  }
  words[IN_PROGRESS] = UNDOABLE;
  return true;
}

/** The change goes on in another way, which leaves what was noted alone. */
export function dropNote(words: Int32Array): void {
  words[IN_PROGRESS] = CHANGING;
}

function addRecord(words: Int32Array, at: number, count: number): boolean {
  const used = words[USED];
  if (1 + used + RECORD_HEAD_WORDS + count > NOTE_WORDS) return false;
  const record = RECORDS + used;
  words[record] = at;
  words[record + 1] = count;
  copyWords(words, record + RECORD_HEAD_WORDS, at, count);
  words[USED] = used + RECORD_HEAD_WORDS + count;
  return true;
}

/**
 * Moves a block of `count` words down to `to`, over itself if it must be; the caller
 * changes the word that points to it before `dropNote`. It goes in pieces no longer than its way,
 * so that no piece is written over what has not been moved yet.
 */
export function moveNoted(words: Int32Array, to: number, from: number, count: number): void {
  words[MOVE_FROM] = from;
  words[MOVE_TO] = to;
  words[MOVE_WORDS] = count;
  words[MOVE_DONE] = 0;
  words[IN_PROGRESS] = MOVING;
  moveRest(words);
}

function moveRest(words: Int32Array): void {
  const from = words[MOVE_FROM];
  const to = words[MOVE_TO];
  const count = words[MOVE_WORDS];
  let done = Math.max(words[MOVE_DONE], 0);
  while (done < count) {
    const piece = Math.min(from - to, count - done);
    copyWords(words, to + done, from + done, piece);
    done += piece;
    words[MOVE_DONE] = done;
  }
}

/** Whether the note of a move can be one: its reader trusts no number that it has not checked. */
function isMove(words: Int32Array): boolean {
  const to = words[MOVE_TO];
  const from = words[MOVE_FROM];
  const count = words[MOVE_WORDS];
  return to >= HEAP && from > to && count > 0 && from + count <= words.length;
}

/**
 * Puts back or goes on with what a dead writer has noted. A block that was on its way has arrived
 * then, though not everybody may know; IN_PROGRESS stays as it was.
 */
export function heedNote(words: Int32Array): void {
  if (words[IN_PROGRESS] === MOVING && isMove(words)) moveRest(words);
  if (words[IN_PROGRESS] !== UNDOABLE) return;
  const end = RECORDS + Math.min(words[USED], NOTE_WORDS - 1);
  for (let record = RECORDS; record < end; ) {
    const count = Math.max(words[record + 1], 0);
    copyWords(words, words[record], record + RECORD_HEAD_WORDS, count);
    record += RECORD_HEAD_WORDS + count;
  }
}

/** Forwards where it is a loop: for what does not overlap. */
function copyWords(words: Int32Array, to: number, from: number, count: number): void {
  if (count > LOOP_WORDS) words.copyWithin(to, from, from + count);
  else for (let i = 0; i < count; i += 1) words[to + i] = words[from + i];
}
