import React, { type ReactNode, useRef, useState } from "react";
import { Overlay, Tooltip } from "react-bootstrap";
import type { Placement } from "react-bootstrap/Overlay";
import { patchComponent } from "../plugins/patch.tsx";

export interface TruncatedTextProps {
  text?: ReactNode;
  lineCount?: number;
  placement?: Placement;
  delay?: number;
  className?: string;
}

export const TruncatedText = patchComponent<TruncatedTextProps>(
  "TruncatedText",
  ({ text, className, lineCount = 1, placement = "bottom", delay = 1000 }) => {
    const [shown, setShown] = useState(false);
    const target = useRef<HTMLDivElement>(null);
    const timer = useRef<number>();
    if (!text) return null;

    const enter = () => {
      const element = target.current;
      const isCut =
        element && (element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth);
      if (isCut) timer.current = window.setTimeout(() => setShown(true), delay);
    };
    const leave = () => {
      window.clearTimeout(timer.current);
      setShown(false);
    };
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: shows more of what is there already.
      <div
        className={`TruncatedText ${className ?? ""}`}
        style={{ WebkitLineClamp: lineCount }}
        ref={target}
        onMouseEnter={enter}
        onMouseLeave={leave}
      >
        {text}
        <Overlay target={target.current} show={shown} placement={placement}>
          <Tooltip id="truncated-text" className="TruncatedText-tooltip">
            {text}
          </Tooltip>
        </Overlay>
      </div>
    );
  },
);
