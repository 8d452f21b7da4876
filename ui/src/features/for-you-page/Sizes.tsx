import { faCommentDots } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, Form } from "react-bootstrap";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";

export const ZOOMS = [0, 1, 2, 3] as const;
type Zoom = (typeof ZOOMS)[number];

interface Props<Size extends number> {
  sizes: readonly Size[];
  size: Size;
  zoom: Zoom;
  onSize(size: Size): void;
  onZoom(zoom: Zoom): void;
  onFeedback(): void;
}

/** How many cards, how large, and what was said of some before. */
export function Sizes<Size extends number>({ sizes, size, zoom, onSize, onZoom, onFeedback }: Props<Size>) {
  const { t } = useText();
  return (
    <div className="sense-sizes">
      <Form.Control
        as="select"
        size="sm"
        className="input-control"
        aria-label={t("for_you.size")}
        title={t("for_you.size")}
        value={size}
        onChange={(event) => onSize(sizes.find((one) => String(one) === event.target.value) ?? size)}
      >
        {sizes.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Form.Control>
      <input
        type="range"
        className="custom-range zoom-slider d-none d-sm-block"
        min={0}
        max={ZOOMS.length - 1}
        step={1}
        value={zoom}
        aria-label={t("for_you.zoom")}
        title={t("for_you.zoom")}
        onChange={(event) => onZoom(ZOOMS.find((one) => String(one) === event.target.value) ?? zoom)}
      />
      <Button
        variant="secondary"
        size="sm"
        aria-label={t("for_you.feedback")}
        title={t("for_you.feedback")}
        onClick={onFeedback}
      >
        <Icon icon={faCommentDots} />
      </Button>
    </div>
  );
}
