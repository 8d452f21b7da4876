/** Of build.mjs, for tests. Returns sizes, bytes. */
export function buildPlugin(out: string, options?: { minify?: boolean; entry?: string }): Promise<Record<string, number>>;
