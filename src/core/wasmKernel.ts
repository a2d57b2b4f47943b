/**
 * Memory that kernels and loops share. Public types name this one: those who compile against them may know nothing of
 * WebAssembly.
 */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Grows by pages of 64 KiB; returns how many there were. */
  grow(pages: number): number;
}

/** What a memory grows by. */
export const PAGE_BYTES = 65_536;

/** A memory of at least so many bytes, or undefined where WebAssembly is switched off or so much cannot be had. */
export function wasmMemory(bytes: number): WasmMemory | undefined {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  } catch {
    return undefined;
  }
}

/**
 * A memory of at least so many bytes that threads share and that grows without moving, or undefined where it cannot be
 * had. Only kernels whose source says `memory: shared` take it.
 */
export function sharedWasmMemory(bytes: number): WasmMemory | undefined {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES), maximum: MAX_PAGES, shared: true });
  } catch {
    return undefined;
  }
}

/** As many as 32-bit addresses reach; only what is used takes memory. */
const MAX_PAGES = 65_536;

/**
 * The functions of a compiled kernel over a memory that the caller lays out.
 *
 * @param base64 - the kernel's bytes, as scripts/buildKernels.ts writes them
 * @param memory - what the kernel reads and writes; its addresses are byte offsets in `memory.buffer`
 * @returns undefined where the engine has no WebAssembly, lacks an instruction that the kernel uses, or is forbidden
 *   to compile: the caller's plain path then does the same work
 */
export function wasmKernel<Functions extends object>(base64: string, memory: WasmMemory): Functions | undefined {
  try {
    return new WebAssembly.Instance(compiled(base64), { env: { memory: memory as WebAssembly.Memory } })
      .exports as unknown as Functions;
  } catch {
    return undefined;
  }
}

/**
 * Modules by their source. A module cannot change, and the engine makes its code fast while it runs, which would be lost
 * with each kernel that is let go: they are kept, as other code of the program is. Threads of one process share the code.
 */
const modules = new Map<string, WebAssembly.Module>();

function compiled(base64: string): WebAssembly.Module {
  const known = modules.get(base64);
  if (known !== undefined) return known;
  const module = new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  modules.set(base64, module);
  return module;
}
