/** The page's beginning: draws, and redraws as the reader zooms and moves. */
import type { ReportData } from '../report/data.ts';
import { draw, type Layout } from './draw.ts';
import { showNote } from './note.ts';
import { moved, type Range, zoomed } from './view.ts';

const data = JSON.parse(byId('data').textContent!) as ReportData;
const chart = byId('chart');
const note = byId('note');
const margin = data.durationUs * 0.01;
const all: Range = { startUs: -margin, endUs: data.durationUs + margin };
let range: Range = beginning();
let layout: Layout = { left: 0, width: 1, height: 0 };
let scheduled = false;

function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** What a reader wants to see first: a server's start may take longer than all that follows. */
function beginning(): Range {
  const firsts = data.connections.flatMap((one) => one.connectedUs ?? one.acceptedUs ?? []);
  const firstUs = Math.min(data.durationUs, ...firsts);
  const startUs = firstUs - (data.durationUs - firstUs) * 0.12;
  return {
    startUs: firsts.length === 0 ? all.startUs : Math.max(all.startUs, startUs),
    endUs: all.endUs,
  };
}

function redraw(): void {
  scheduled = false;
  const picture = draw(data, range, Math.max(280, chart.clientWidth));
  layout = picture.layout;
  chart.replaceChildren(picture.svg);
}

/** However many events come in, one picture a frame. */
function show(next: Range): void {
  range = next;
  note.hidden = true;
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(redraw);
}

function timeAt(clientX: number): number {
  const x = clientX - chart.getBoundingClientRect().left - layout.left;
  return range.startUs + (x / layout.width) * (range.endUs - range.startUs);
}

function zoomBy(factor: number, atUs = (range.startUs + range.endUs) / 2): void {
  show(zoomed(range, all, atUs, factor));
}

function moveBy(share: number): void {
  show(moved(range, all, share * (range.endUs - range.startUs)));
}

chart.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) moveBy(event.deltaX / layout.width);
    else zoomBy(1.0018 ** event.deltaY, timeAt(event.clientX));
  },
  { passive: false },
);

/** Pointers that are down: one moves, two pinch. */
const pointers = new Map<number, number>();

chart.addEventListener('pointerdown', (event) => {
  pointers.set(event.pointerId, event.clientX);
  chart.setPointerCapture(event.pointerId);
  chart.classList.add('moving');
});

chart.addEventListener('pointermove', (event) => {
  const before = pointers.get(event.pointerId);
  if (before === undefined) return;
  if (pointers.size === 1) moveBy((before - event.clientX) / layout.width);
  else pinch(event.pointerId, event.clientX);
  pointers.set(event.pointerId, event.clientX);
});

function pinch(id: number, clientX: number): void {
  const other = [...pointers].find(([pointer]) => pointer !== id)?.[1];
  if (other === undefined) return;
  const before = Math.max(10, Math.abs(pointers.get(id)! - other));
  const after = Math.max(10, Math.abs(clientX - other));
  zoomBy(before / after, timeAt((clientX + other) / 2));
}

function release(event: PointerEvent): void {
  pointers.delete(event.pointerId);
  if (pointers.size === 0) chart.classList.remove('moving');
}
chart.addEventListener('pointerup', release);
chart.addEventListener('pointercancel', release);

/** The pointer is captured while it is down: what lies under it is asked for by its place. */
function pointAt(event: PointerEvent | MouseEvent): void {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const index = under?.getAttribute('data-call');
  if (index == null) note.hidden = true;
  else showNote(note, data.calls[Number(index)], event.clientX, event.clientY);
}
chart.addEventListener('pointermove', (event) => {
  if (pointers.size === 0) pointAt(event);
});
chart.addEventListener('click', pointAt);
chart.addEventListener('pointerleave', () => {
  note.hidden = true;
});

chart.addEventListener('keydown', (event) => {
  const action = KEYS[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
});

const KEYS: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => moveBy(-0.2),
  ArrowRight: () => moveBy(0.2),
  '+': () => zoomBy(0.6),
  '=': () => zoomBy(0.6),
  '-': () => zoomBy(1.6),
  '0': () => show({ ...all }),
};

byId('in').addEventListener('click', () => zoomBy(0.5));
byId('out').addEventListener('click', () => zoomBy(2));
byId('fit').addEventListener('click', () => show({ ...all }));
new ResizeObserver(() => show(range)).observe(chart);
redraw();
