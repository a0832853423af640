/** Draws the lanes of a range of time as SVG. */
import type { CallMark, ConnectionLane, ReportData } from '../report/data.ts';
import { durationText, type Range, ticksOf } from './view.ts';

const SVG = 'http://www.w3.org/2000/svg';
const AXIS = 26;
const GROUP = 24;
const LANE = 30;
const BAR = 20;
/** A connection of which both ends are known: the server's calls above, the client's below. */
const TALL_LANE = 52;
const COLOURS = 8;
/** Narrower bars can be neither seen nor pointed at. */
const LEAST_WIDTH = 2.5;
/** Bars with room for a word. */
const LABEL_WIDTH = 46;
const CHARACTER_WIDTH = 6.3;

export interface Layout {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, text = ''): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== '') made.textContent = text;
  return made;
}

function colourOf(connection: number): string {
  return connection < 0 ? 'cx' : `c${connection % COLOURS}`;
}

/** A picture of the range, `width` pixels wide, and where its time axis lies. */
export function draw(
  data: ReportData,
  range: Range,
  width: number,
): { svg: SVGElement; layout: Layout } {
  return new Picture(data, range, width).draw();
}

/** A call as it is drawn in one lane. */
interface Bar {
  readonly mark: CallMark;
  /** Its place in the data. */
  readonly index: number;
  readonly startUs: number;
  readonly blocked: boolean;
  readonly colour: string;
}

function barOf(mark: CallMark, index: number): Bar {
  const { startUs, blocked, connection } = mark;
  return { mark, index, startUs, blocked, colour: colourOf(connection) };
}

/** Waiting for anybody has nobody's colour. */
function forThread(bar: Bar): Bar {
  return bar.mark.arrival && bar.blocked ? { ...bar, colour: colourOf(-1) } : bar;
}

/** Before it was there, nobody waited for this client. */
function forConnection(bar: Bar): Bar {
  if (!bar.mark.arrival) return bar;
  return { ...bar, startUs: bar.mark.startUs + bar.mark.durationUs, blocked: false };
}

function barElement(bar: Bar, x: number, y: number, width: number, height: number): SVGElement {
  const { mark, index, blocked, colour } = bar;
  const classes = `bar ${colour} ${blocked ? 'blocked' : 'call'}${mark.failed ? ' failed' : ''}`;
  const shape = { class: classes, x, y, width, height, rx: Math.min(3, width / 2) };
  const made = element('rect', { ...shape, 'data-call': index });
  if (blocked) made.style.fill = `url(#hatch-${colour})`;
  return made;
}

class Picture {
  readonly #all: readonly Bar[];
  readonly #data: ReportData;
  readonly #range: Range;
  readonly #left: number;
  readonly #width: number;
  readonly #svg: SVGElement;
  #y = AXIS;
  /** Labels stand above their lanes where the screen is narrow. */
  readonly #narrow: boolean;

  constructor(data: ReportData, range: Range, width: number) {
    this.#data = data;
    this.#all = data.calls.map(barOf);
    this.#range = range;
    this.#narrow = width < NARROW;
    this.#left = this.#narrow ? 10 : 150;
    this.#width = width - this.#left - 14;
    this.#svg = element('svg', { role: 'img', 'aria-label': 'Timeline of calls' });
  }

  draw(): { svg: SVGElement; layout: Layout } {
    const { threads, connections, servers } = this.#data;
    this.#hatches();
    const grid = this.#svg.appendChild(element('g', {}));
    this.#group(threads.length === 1 ? ONE[servers] : servers);
    threads.forEach(({ name }, index) => {
      const y = this.#lane(name, '', LANE);
      const bars = this.#all.filter(({ mark }) => mark.thread === index).map(forThread);
      this.#bars(bars, y + (LANE - BAR) / 2, BAR);
    });
    if (connections.length > 0) this.#group('connections');
    connections.forEach((lane, index) => {
      this.#connection(lane, index);
    });
    this.#grid(grid);
    const height = this.#y + 6;
    const width = this.#left + this.#width + 14;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.setAttribute('height', String(height));
    return { svg: this.#svg, layout: { left: this.#left, width: this.#width, height } };
  }

  #x(us: number): number {
    const { startUs, endUs } = this.#range;
    return this.#left + ((us - startUs) / (endUs - startUs)) * this.#width;
  }

  /** Hatched time is time that a thread was asleep: a pattern for each colour. */
  #hatches(): void {
    const definitions = this.#svg.appendChild(element('defs', {}));
    for (let i = -1; i < COLOURS; i++) {
      const pattern = element('pattern', {
        ...{ id: `hatch-${colourOf(i)}`, class: colourOf(i), width: 6, height: 6 },
        ...{ patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      });
      pattern.append(
        element('rect', { class: 'hatch-ground', width: 6, height: 6 }),
        element('line', { class: 'hatch-line', x1: 1, x2: 1, y1: 0, y2: 6 }),
      );
      definitions.append(pattern);
    }
    const clip = element('clipPath', { id: 'plot' });
    clip.append(element('rect', { x: this.#left, y: 0, width: this.#width, height: 1e5 }));
    definitions.append(clip);
  }

  #grid(grid: SVGElement): void {
    for (const { us, label } of ticksOf(this.#range, this.#width)) {
      const x = this.#x(us);
      grid.append(
        element('line', { class: 'grid', x1: x, x2: x, y1: AXIS - 6, y2: this.#y }),
        element('text', { class: 'tick', x: x + 4, y: 14 }, label),
      );
    }
  }

  #group(name: string): void {
    this.#y += GROUP;
    this.#svg.append(
      element('text', { class: 'group', x: this.#narrow ? 10 : 16, y: this.#y - 8 }, name),
    );
  }

  /** Room for a lane; returns where its bars begin. */
  #lane(name: string, address: string, height: number): number {
    if (this.#narrow) this.#y += 16;
    const y = this.#y;
    const middle = this.#narrow ? y - 4 : y + height / 2 + (address === '' ? 4 : -2);
    const x = this.#narrow ? 10 : 16;
    this.#svg.append(
      element('rect', {
        class: 'band',
        x: this.#left,
        y: y + 2,
        width: this.#width,
        height: height - 4,
        rx: 4,
      }),
      element('text', { class: 'lane', x, y: middle }, name),
    );
    if (address !== '') {
      const beside = this.#narrow
        ? { x: x + name.length * 7 + 8, y: middle }
        : { x, y: middle + 15 };
      this.#svg.append(element('text', { class: 'sub', ...beside }, address));
    }
    this.#y += height;
    return y;
  }

  #connection(lane: ConnectionLane, index: number): void {
    const height = lane.bothEnds ? TALL_LANE : LANE;
    const y = this.#lane(lane.name, lane.address, height);
    this.#life(lane, index, y + 2, height - 4);
    const bars = this.#all.filter(({ mark }) => mark.connection === index).map(forConnection);
    const own = bars.filter(({ mark }) => mark.thread < 0);
    const served = bars.filter(({ mark }) => mark.thread >= 0);
    this.#bars(served, y + (LANE - BAR) / 2, BAR);
    if (lane.bothEnds) this.#bars(own, y + LANE - 2, TALL_LANE - LANE - 4);
  }

  /**
   * From connecting to closing: dashed until the server accepts, dotted until a worker takes it,
   * tinted from then on.
   */
  #life(lane: ConnectionLane, index: number, y: number, height: number): void {
    const group = element('g', { class: colourOf(index), 'clip-path': 'url(#plot)' });
    const { connectedUs, acceptedUs, takenUs, closedUs } = lane;
    const end = closedUs ?? this.#data.durationUs;
    const accepted = acceptedUs ?? end;
    const taken = acceptedUs === null ? end : Math.min(end, takenUs ?? acceptedUs);
    const states: [name: string, words: string, fromUs: number, toUs: number][] = [
      ['backlog', 'in the backlog', connectedUs ?? accepted, accepted],
      ['queue', 'in the queue', accepted, taken],
      ['open', '', taken, end],
    ];
    for (const [name, words, fromUs, toUs] of states) {
      if (toUs > fromUs) group.append(...this.#state(name, words, fromUs, toUs, y, height));
    }
    this.#svg.append(group);
  }

  #state(
    name: string,
    words: string,
    fromUs: number,
    toUs: number,
    y: number,
    height: number,
  ): SVGElement[] {
    const x = this.#x(fromUs);
    const width = Math.max(0, this.#x(toUs) - x - 1);
    const shape = element('rect', { class: name, x, y, width, height, rx: 4 });
    const from = Math.max(x, this.#left);
    const room = Math.min(x + width, this.#left + this.#width) - from - 12;
    const text = longestThatFits([`${words} ${durationText(toUs - fromUs)}`, words], room);
    if (words === '' || text === '') return [shape];
    return [shape, element('text', { class: 'in-hatch', x: from + 8, y: y + 15 }, text)];
  }

  /** Bars that would lie within the same pixels become one: a lane has no more than fit into it. */
  #bars(bars: readonly Bar[], y: number, height: number): void {
    const group = element('g', { 'clip-path': 'url(#plot)' });
    const labels: SVGElement[] = [];
    let drawnTo = Number.NEGATIVE_INFINITY;
    for (const bar of bars) {
      const x = this.#x(bar.startUs);
      const end = this.#x(bar.mark.startUs + bar.mark.durationUs);
      if (end < this.#left - LEAST_WIDTH || x > this.#left + this.#width) continue;
      if (Math.max(end, x + LEAST_WIDTH) - drawnTo < 1) continue;
      const width = Math.max(LEAST_WIDTH, end - x - (end - x > 4 ? 0.75 : 0));
      group.append(barElement(bar, x, y, width, height));
      const label = this.#label(bar, x, y, width, height);
      if (label !== null) labels.push(label);
      drawnTo = x + width;
    }
    group.append(...labels);
    this.#svg.append(group);
  }

  #label(
    { mark, blocked }: Bar,
    x: number,
    y: number,
    width: number,
    height: number,
  ): SVGElement | null {
    // A crew that waits for work looks up several times a second: words would only be noise.
    if (mark.name === 'futex' && mark.failed) return null;
    const from = Math.max(x, this.#left);
    const room = Math.min(x + width, this.#left + this.#width) - from - 12;
    if (room < LABEL_WIDTH) return null;
    const took = durationText(mark.durationUs);
    const words = blocked ? `blocked in ${mark.name}` : mark.words;
    const text = longestThatFits([`${words} ${took}`, `${mark.name} ${took}`, mark.name], room);
    if (text === '') return null;
    const name = blocked ? 'in-hatch' : 'on-bar';
    return element('text', { class: name, x: from + 6, y: y + height / 2 + 4 }, text);
  }
}

/** The first of these texts that has room in so many pixels; '' where none has. */
function longestThatFits(texts: readonly string[], room: number): string {
  return texts.find((text) => text.length * CHARACTER_WIDTH <= room) ?? '';
}

const ONE = { threads: 'thread', processes: 'process' } as const;

/** A phone held upright. */
const NARROW = 620;
