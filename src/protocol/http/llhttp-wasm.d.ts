/** undici types its client only; this file of it holds one module of WebAssembly. */
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const wasm: Uint8Array;
  export default wasm;
}
