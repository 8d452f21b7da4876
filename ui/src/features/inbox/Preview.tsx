import React, { useLayoutEffect, useRef, useState } from "react";
import type { ListedSuggestion } from "../../schemas/suggestions.ts";
import { useText } from "../../text/text.ts";
import { previewRange } from "./previewRange.ts";

interface Props {
  stream: string;
  row: Pick<ListedSuggestion, "type" | "peak_s" | "start_s" | "end_s">;
  onStop(): void;
}

/** The moment itself, silent, over and over, until somebody clicks on it. */
export function Preview({ stream, row, onStop }: Props) {
  const { t } = useText();
  const video = useRef<HTMLVideoElement>(null);
  const [fails, setFails] = useState(false);
  const { from_s, to_s } = previewRange(row);
  // A video that is gone from the page keeps its connection for as long as the browser likes, and has few of them.
  useLayoutEffect(() => {
    const own = video.current;
    return () => {
      own?.removeAttribute("src");
      own?.load();
    };
  }, []);
  const toBegin = () => {
    if (video.current) video.current.currentTime = from_s;
  };
  if (fails) return <span className="sense-inbox-unplayable">{t("inbox.preview.fails")}</span>;
  return (
    <video
      ref={video}
      className="sense-inbox-preview"
      src={stream}
      muted
      autoPlay
      playsInline
      disablePictureInPicture
      aria-label={t("inbox.preview")}
      onLoadedMetadata={toBegin}
      onTimeUpdate={() => {
        const at_s = video.current?.currentTime ?? 0;
        if (at_s >= to_s) toBegin();
      }}
      onEnded={() => {
        toBegin();
        void video.current?.play();
      }}
      onError={() => setFails(true)}
      onClick={(event) => {
        event.preventDefault();
        onStop();
      }}
    />
  );
}
