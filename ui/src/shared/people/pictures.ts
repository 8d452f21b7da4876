/** Pictures of faces, by the ids of tracks and references: asked for what is on screen. */
import { createContext, useContext, useEffect, useMemo } from "react";
import { call } from "../../operations.ts";
import { Wanted } from "../wanted.ts";

export type FacePictures = Wanted<string>;

const MOST = 100;
/** About 4 kB each. */
const ROOM = 1500;

function makeFacePictures(): FacePictures {
  return new Wanted<string>({ ask, most: MOST, room: ROOM, delay_ms: 80, pause_ms: 10_000 });
}

async function ask(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string | null>> {
  const { pictures } = await call("people.pictures", { ids: [...ids] }, signal);
  return new Map(ids.map((id) => [id, isPicture(pictures[id]) ? pictures[id] : null]));
}

/** Nothing but a picture that came with the answer: no address is asked for one. */
export function isPicture(text: string | undefined): text is string {
  return text !== undefined && /^data:image\/(?:jpeg|png|webp);base64,/.test(text);
}

export const FacePicturesContext = createContext<FacePictures | undefined>(undefined);

/** One store of pictures for a part of the page, while that is there. */
export function useMadeFacePictures(): FacePictures {
  const made = useMemo(makeFacePictures, []);
  useEffect(() => () => made.end(), [made]);
  return made;
}

export function useFacePictures(): FacePictures {
  const found = useContext(FacePicturesContext);
  if (!found) throw new Error("faces are shown outside of what keeps their pictures");
  return found;
}
