import { useEffect, useState } from "react";
import { type Cue, parseVtt } from "./vtt.ts";

const MOST_KEPT = 60;
const kept = new Map<string, Promise<readonly Cue[]>>();
const NONE: readonly Cue[] = [];

/** The cues of Stash's sprite sheet at `url`; none where there is no sheet. undefined while they are on their way. */
export function useCues(url: string | null | undefined): readonly Cue[] | undefined {
  const [state, setState] = useState<{ url: string; cues: readonly Cue[] }>();
  useEffect(() => {
    if (!url) return;
    let wanted = true;
    void cuesOf(url).then((cues) => {
      if (wanted) setState({ url, cues });
    });
    return () => {
      wanted = false;
    };
  }, [url]);
  if (!url) return NONE;
  return state?.url === url ? state.cues : undefined;
}

/** Asked once for all that show the same scene. A sheet that is not there yet is asked for again later. */
function cuesOf(url: string): Promise<readonly Cue[]> {
  const known = kept.get(url);
  if (known) return known;
  const asked = load(url).then((cues) => {
    if (cues.length === 0) kept.delete(url);
    return cues;
  });
  kept.set(url, asked);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return asked;
}

async function load(url: string): Promise<readonly Cue[]> {
  try {
    const reply = await fetch(url, { credentials: "same-origin" });
    return reply.ok ? parseVtt(await reply.text(), reply.url || url) : NONE;
  } catch {
    return NONE;
  }
}
