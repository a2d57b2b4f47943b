// The little of WebAssembly that kernels use. Node has it; the types of Node that we build against do not, and the
// browser's, which do, would let browser-only names into the whole of src/.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    /** Sizes in pages of 64 KiB. */
    constructor(options: { readonly initial: number; readonly maximum?: number; readonly shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
