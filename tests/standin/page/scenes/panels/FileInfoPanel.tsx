import React from "react";
import type { Scene } from "../../graphql/types.ts";
import { patchComponent } from "../../plugins/patch.tsx";
import { fileSize, timestamp } from "../../shared/text.ts";

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

export const FileInfoPanel = patchComponent<{ scene: Scene }>("SceneFileInfoPanel", ({ scene }) => (
  <>
    {scene.files.map((file) => (
      <dl key={file.id} className="container scene-file-info details-list">
        {file.fingerprints.map(({ type, value }) => (
          <Row key={type} name={type === "oshash" ? "Hash" : type}>
            {value}
          </Row>
        ))}
        <Row name="Path">{file.path}</Row>
        <Row name="File Size">{fileSize(file.size)}</Row>
        <Row name="Duration">{timestamp(file.duration)}</Row>
        <Row name="Dimensions">
          {file.width} x {file.height}
        </Row>
        <Row name="Frame Rate">{file.frame_rate} frames per second</Row>
        <Row name="Video Codec">{file.video_codec}</Row>
        <Row name="Audio Codec">{file.audio_codec}</Row>
      </dl>
    ))}
  </>
));
