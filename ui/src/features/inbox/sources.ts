/** Where rows have their pictures from; one of each for the page. */
import { createContext, useContext, useEffect, useMemo } from "react";
import { type Media, makeMedia } from "../../shared/media.ts";
import { makePictures, type Pictures } from "./pictures.ts";

export interface Sources {
  media: Media;
  pictures: Pictures;
}

export const SourcesContext = createContext<Sources | undefined>(undefined);

export function useSources(): Sources {
  const sources = useContext(SourcesContext);
  if (!sources) throw new Error("rows are shown outside of the inbox");
  return sources;
}

/** They end with the component. */
export function useMadeSources(): Sources {
  const sources = useMemo(() => ({ media: makeMedia(), pictures: makePictures() }), []);
  useEffect(
    () => () => {
      sources.media.end();
      sources.pictures.end();
    },
    [sources],
  );
  return sources;
}
