import { faUser } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Icon } from "../Icon.tsx";
import { useWanted } from "../useWanted.ts";
import { isPicture, useFacePictures } from "./pictures.ts";
import "./people.css";

interface Props {
  /** Of a track or a reference; "" for none. */
  id: string;
  size_px: number;
}

/** The picture of a face; a sign where there is none. Say beside it whose it is. */
export function Face({ id, size_px }: Props) {
  return <ShownFace picture={useWanted(useFacePictures(), id || undefined)} size_px={size_px} />;
}

/** The same of a picture that is at hand. */
export function ShownFace({ picture, size_px }: { picture: string | null | undefined; size_px: number }) {
  return (
    <span className="sense-face" style={{ width: size_px, height: size_px, fontSize: size_px / 2 }}>
      {isPicture(picture ?? undefined) ? (
        <img src={picture ?? ""} alt="" width={size_px} height={size_px} draggable={false} />
      ) : (
        picture === null && <Icon icon={faUser} />
      )}
    </span>
  );
}
