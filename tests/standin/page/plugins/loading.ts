/** What plugins use to have components loaded that no page has loaded yet. */
import { useEffect, useState } from "react";

export type Loader = () => Promise<unknown>;

export async function loadComponents(wanted: readonly Loader[]): Promise<void> {
  await Promise.all(wanted.map((load) => load()));
}

/** True until all of them are there. */
export function useLoadComponents(wanted: readonly Loader[]): boolean {
  const [loading, setLoading] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, as in Stash; callers make the list anew each time.
  useEffect(() => {
    let gone = false;
    loadComponents(wanted).then(() => gone || setLoading(false));
    return () => {
      gone = true;
    };
  }, []);
  return loading;
}
