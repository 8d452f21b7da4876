import React, { useState } from "react";
import type { ListedSuggestion } from "../../schemas/suggestions.ts";
import { cueFor } from "../../shared/cueFor.ts";
import { Icon } from "../../shared/Icon.tsx";
import { KIND_ICONS } from "../../shared/kindIcons.ts";
import type { Medium } from "../../shared/media.ts";
import { mediumKey } from "../../shared/mediumKey.ts";
import { Sprite } from "../../shared/Sprite.tsx";
import { useCues } from "../../shared/useCues.ts";
import { useWanted } from "../../shared/useWanted.ts";
import { Preview } from "./Preview.tsx";
import { momentKey } from "./pictures.ts";
import { useSources } from "./sources.ts";

/** Sheets that Stash has not made, as far as this page knows: each was asked for once. */
const missing = new Set<string>();

interface Props {
  row: Pick<ListedSuggestion, "kind" | "media_id" | "type" | "peak_s" | "start_s" | "end_s">;
  /** Of the box, pixels. */
  width: number;
  height: number;
  playing: boolean;
  onStop(): void;
}

/** What is to be seen at the moment of a suggestion: from Stash's sheet, from the sidecar, or the medium's own picture. */
export function Moment({ row, width, height, playing, onStop }: Props) {
  const medium = useWanted(useSources().media, mediumKey(row.kind, row.media_id));
  const [isBroken, setBroken] = useState(false);
  const whole = medium?.picture && !isBroken ? medium.picture : undefined;
  return (
    <span className="sense-inbox-moment" style={{ width, height }}>
      {row.kind === "scene" && medium ? (
        <SceneMoment medium={medium} row={row} width={width} height={height} whole={whole} />
      ) : (
        whole && <img src={whole} alt="" loading="lazy" draggable={false} onError={() => setBroken(true)} />
      )}
      {medium === null && <Icon icon={KIND_ICONS[row.kind]} />}
      {playing && medium?.stream && <Preview stream={medium.stream} row={row} onStop={onStop} />}
    </span>
  );
}

type SceneProps = Pick<Props, "row" | "width" | "height"> & { medium: Medium; whole: string | undefined };

function SceneMoment({ medium, row, width, height, whole }: SceneProps) {
  const vtt = medium.vtt && !missing.has(medium.vtt) ? medium.vtt : null;
  const cues = useCues(vtt);
  if (vtt && cues?.length === 0) missing.add(vtt);
  const cue = cues && cueFor(cues, row);
  if (cue) {
    // As large as fits, whatever its shape.
    const fitting = Math.min(width, Math.round((height * cue.width) / cue.height));
    return <Sprite vtt={vtt} at_s={cue.start_s} width={fitting} />;
  }
  return cues ? <MadePicture row={row} whole={whole} /> : null;
}

function MadePicture({ row, whole }: { row: Props["row"]; whole: string | undefined }) {
  const picture = useWanted(useSources().pictures, momentKey(row.kind, row.media_id, row.peak_s));
  const [isBroken, setBroken] = useState(false);
  if (picture) return <img src={picture} alt="" draggable={false} />;
  // Stash's own picture of the scene is another moment: only where there is none of this one.
  if (picture === undefined || !whole || isBroken) return null;
  return <img src={whole} alt="" loading="lazy" draggable={false} onError={() => setBroken(true)} />;
}
