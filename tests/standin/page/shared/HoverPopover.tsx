import React, { type ReactNode, useEffect, useRef, useState } from "react";
import { Overlay, Popover } from "react-bootstrap";
import type { OverlayProps } from "react-bootstrap/Overlay";
import { patchComponent } from "../plugins/patch.tsx";

export interface HoverPopoverProps {
  content: ReactNode | ReactNode[];
  enterDelay?: number;
  leaveDelay?: number;
  className?: string;
  placement?: OverlayProps["placement"];
  onOpen?: () => void;
  onClose?: () => void;
  children?: ReactNode;
}

export const HoverPopover = patchComponent<HoverPopoverProps>(
  "HoverPopover",
  ({ enterDelay = 200, leaveDelay = 200, content, children, className, placement = "top", onOpen, onClose }) => {
    const [show, setShow] = useState(false);
    const target = useRef<HTMLDivElement>(null);
    const timer = useRef<number>();

    const change = (next: boolean, delay_ms: number) => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        setShow(next);
        if (next) onOpen?.();
        else onClose?.();
      }, delay_ms);
    };
    const enter = () => change(true, enterDelay);
    const leave = () => change(false, leaveDelay);
    useEffect(() => () => window.clearTimeout(timer.current), []);

    return (
      <>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: what it holds is reached by keyboard without it. */}
        <div className={className} onMouseEnter={enter} onMouseLeave={leave} ref={target}>
          {children}
        </div>
        <Overlay show={show} placement={placement} target={target.current}>
          <Popover onMouseEnter={enter} onMouseLeave={leave} id="popover" className="hover-popover-content">
            {content}
          </Popover>
        </Overlay>
      </>
    );
  },
);
