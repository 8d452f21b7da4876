import React from "react";
import type { SlimScene } from "../graphql/types.ts";
import { useCardWidth } from "../lists/cardWidth.ts";
import type { Selection } from "../lists/selection.ts";
import type { SceneQueue } from "./queue.ts";
import { SceneCard } from "./SceneCard.tsx";

const WIDTHS_PX = [280, 340, 480, 640];

interface Props {
  scenes: SlimScene[];
  queue?: SceneQueue;
  zoomIndex: number;
  selection?: Selection;
}

export function SceneGrid({ scenes, queue, zoomIndex, selection }: Props) {
  const [row, width] = useCardWidth<HTMLDivElement>(WIDTHS_PX[zoomIndex] ?? 340);
  return (
    <div className="row justify-content-center" ref={row}>
      {scenes.map((scene, index) => (
        <SceneCard
          key={scene.id}
          width={width}
          scene={scene}
          queue={queue}
          index={index}
          zoomIndex={zoomIndex}
          selecting={!!selection?.ids.size}
          selected={selection?.ids.has(scene.id)}
          onSelectedChanged={selection && ((selected, shiftKey) => selection.change(scene.id, selected, shiftKey))}
        />
      ))}
    </div>
  );
}
