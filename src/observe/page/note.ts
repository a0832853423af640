/** The note beside the pointer: what the call under it was. */
import type { CallMark } from '../report/data.ts';
import { clamp, durationText } from './view.ts';

export function showNote(note: HTMLElement, mark: CallMark, x: number, y: number): void {
  note.className = mark.connection < 0 ? 'cx' : `c${mark.connection % 8}`;
  const when = `${(mark.startUs / 1e6).toFixed(6)} s · ${durationText(mark.durationUs)}${mark.blocked ? ' blocked' : ''}`;
  const parts = [
    line('div', '', `${mark.name} · ${mark.who}`, true),
    line('div', 'what', mark.words),
    line('div', 'when', when),
    line('code', '', `${mark.name}(${mark.arguments})`),
  ];
  if (mark.bytes !== '') parts.push(line('code', '', `${mark.movedBytes} bytes: ${mark.bytes}`));
  note.replaceChildren(...parts);
  note.hidden = false;
  const { width, height } = note.getBoundingClientRect();
  const below = y + 18 + height < innerHeight ? y + 18 : y - height - 14;
  note.style.left = `${clamp(x + 14, 12, Math.max(12, innerWidth - width - 12))}px`;
  note.style.top = `${Math.max(8, below)}px`;
}

function line(tag: string, name: string, text: string, strong = false): HTMLElement {
  const made = document.createElement(tag);
  if (name !== '') made.className = name;
  if (strong) made.append(Object.assign(document.createElement('b'), { textContent: text }));
  else made.textContent = text;
  return made;
}
