const said = new Set<string>();

/** Log an error once, with the name of the feature that it broke. */
export function report(feature: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const key = `${feature}: ${text}`;
  if (said.has(key)) return;
  said.add(key);
  console.warn(`Stash Sense Native: ${key}`, error);
}
