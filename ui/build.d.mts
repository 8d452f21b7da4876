/** Of build.mjs, for tests. Returns sizes, bytes. */
export function buildPlugin(out: string, options?: { minify?: boolean }): Promise<Record<string, number>>;
