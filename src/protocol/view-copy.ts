/**
 * Values into a reply: copies from the few sources that values lie in to the one buffer of replies.
 * bytes/copy.ts copies everything else.
 */

/** From here on `set(subarray)`, most of whose time (≈ 50 ns) makes the view, beats a loop. */
const BULK_BYTES = 192;
/** Below this, going byte by byte is as quick as seeing to it that there are views. */
const LEAST_VIEWED_BYTES = 8;

/** As many as a store that threads share has segments. */
const MOST_SOURCES = 16;

/**
 * The last source and target, as views that read and write words wherever they begin. Nearly all
 * copies go from one of the store's segments to the one buffer for replies.
 */
let viewedSource: Uint8Array = new Uint8Array(0);
let sourceView: DataView = new DataView(viewedSource.buffer);
let viewedTarget: Uint8Array = viewedSource;
let targetView: DataView = sourceView;

/**
 * The views of all sources that have one. Making a view takes longer than a short copy: a source
 * gets one only when it comes twice in a row, in place of the one that has had its own for longest.
 */
const sources: Uint8Array[] = [];
const views: DataView[] = [];
let oldest = 0;
let missed: Uint8Array = viewedSource;

/**
 * Copies `source[start, end)` to `target` at `at`, where there is room for it; the two don't
 * overlap. Four bytes a turn, and a last word that may repeat some of what is there.
 */
export function copyValue(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start;
  if (length > BULK_BYTES) {
    target.set(source.subarray(start, end), at);
  } else if (length >= LEAST_VIEWED_BYTES && hasView(source)) {
    if (target !== viewedTarget) viewTarget(target);
    const from = sourceView;
    const to = targetView;
    const last = length - 4;
    for (let i = 0; i < last; i += 4) to.setInt32(at + i, from.getInt32(start + i, true), true);
    to.setInt32(at + last, from.getInt32(start + last, true), true);
  } else {
    for (let i = 0; i < length; i++) target[at + i] = source[start + i];
  }
}

function hasView(source: Uint8Array): boolean {
  if (source === viewedSource) return true;
  let place = 0;
  while (place < sources.length && sources[place] !== source) place++;
  if (place === sources.length) {
    if (source !== missed) {
      missed = source;
      return false;
    }
    place = oldest;
    oldest = (oldest + 1) % MOST_SOURCES;
    sources[place] = source;
    views[place] = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }
  viewedSource = source;
  sourceView = views[place];
  return true;
}

function viewTarget(target: Uint8Array): void {
  viewedTarget = target;
  targetView = new DataView(target.buffer, target.byteOffset, target.byteLength);
}
