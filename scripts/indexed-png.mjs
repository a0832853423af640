/**
 * A screenshot as a PNG with a palette: of flat pictures a third of the size, and no difference
 * that can be seen. Format: PNG Specification (Third Edition), colour type 3.
 */
import { crc32, deflateSync } from 'node:zlib';

const COLOURS = 256;

/** `png` is decoded by the browser; returns the bytes of another PNG. */
export async function indexedPng(page, png) {
  const address = `data:image/png;base64,${png.toString('base64')}`;
  const { width, height, palette, indices } = await page.evaluate(reduce, [address, COLOURS]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(rows(Buffer.from(indices, 'base64'), width, height), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row begins with its filter: none, which is best for palettes. */
function rows(indices, width, height) {
  const bytes = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    indices.copy(bytes, y * (width + 1) + 1, y * width, (y + 1) * width);
  return bytes;
}

function chunk(type, data) {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}

/** Runs in the browser: the commonest colours, and for each pixel the nearest of them. */
async function reduce([address, colours]) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { width, height } = image;
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, colours);
  const chosen = common.map(([pixel]) => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255]);
  const nearest = new Map();
  const indices = Uint8Array.from(pixels, (pixel) => {
    if (!nearest.has(pixel)) nearest.set(pixel, nearestTo(pixel));
    return nearest.get(pixel);
  });
  const url = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(new Blob([indices]));
  });
  return { width, height, palette: chosen.flat(), indices: url.slice(url.indexOf(',') + 1) };

  function nearestTo(pixel) {
    let best = 0;
    let least = Infinity;
    chosen.forEach(([r, g, b], index) => {
      const distance =
        (r - (pixel & 255)) ** 2 +
        (g - ((pixel >>> 8) & 255)) ** 2 +
        (b - ((pixel >>> 16) & 255)) ** 2;
      if (distance >= least) return;
      least = distance;
      best = index;
    });
    return best;
  }
}
