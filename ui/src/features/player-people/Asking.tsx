/** Who is this? A box over the picture, drawn, moved by keys or by touch; then whoever is seen in it. */
import { faExpand, faQuestion, faTimes } from "@fortawesome/free-solid-svg-icons";
import React, { type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "react-bootstrap";
import type { Player } from "../../host/pluginApi.ts";
import { call, type OperationError, type Output } from "../../operations.ts";
import type { Box } from "../../schemas/people.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Answer } from "./Answer.tsx";
import { between, moved, padded, resized, toPixels, toShares } from "./geometry.ts";
import { usePicture } from "./useVideoRect.ts";

interface Props {
  player: Player;
  scene_id: number;
  onClose(): void;
}

/** A face that fills a good part of the picture. */
const FIRST: Box = [0.375, 0.2, 0.25, 0.45];
const STEP = 0.02;
const PADDING = 0.2;
const DRAG_PX = 5;
const MOVES: Record<string, readonly [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

export interface Answered extends Output<"people.identify"> {
  /** Nothing was in the box, so what is around it was looked at too. */
  wasWidened: boolean;
}

export function Asking({ player, scene_id, onClose }: Props) {
  const { t, share } = useText();
  const picture = usePicture(player);
  const [box, setBox] = useState<Box>(FIRST);
  const [answer, setAnswer] = useState<Answered>();
  const [error, setError] = useState<OperationError>();
  const root = useRef<HTMLElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const asking = useAction(async (within: Box | null) => {
    setError(undefined);
    setAnswer(undefined);
    setAnswer(await identify(scene_id, player.currentTime(), within));
  }, setError);

  const isAnswering = !!answer || !!error || asking.busy;
  const isPlaced = !!picture;
  // Whatever had the focus before, keys are for what is shown now, from its first moment on.
  useLayoutEffect(() => {
    if (!isAnswering && isPlaced) frame.current?.focus();
    else if (!isAnswering) root.current?.focus();
  }, [isAnswering, isPlaced]);
  const close = () => {
    setAnswer(undefined);
    setError(undefined);
  };

  const drag = useDrag(box, setBox, (x, y) => picture && toShares(x, y, picture));
  const onKeyDown = (event: React.KeyboardEvent) => {
    // The player's and Stash's own keys are not meant.
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      if (isAnswering) close();
      else onClose();
      return;
    }
    if (event.target !== frame.current) return;
    const move = MOVES[event.key];
    if (event.key === "Enter") void asking.run(box);
    else if (move && event.shiftKey) setBox(resized(box, move[0], -move[1]));
    else if (move) setBox(moved(box, ...move));
    else return;
    event.preventDefault();
  };

  const place = picture && toPixels(box, picture);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and touches in it are kept from the player.
    <section
      ref={root}
      className="sense-asking"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys are for it while nothing in it has the focus.
      tabIndex={-1}
      aria-label={t("player.who")}
      onKeyDown={onKeyDown}
      onKeyUp={stop}
      onClick={stop}
      onDoubleClick={stop}
      onTouchStart={stop}
      onTouchEnd={stop}
    >
      <div className="sense-asking-area" {...drag}>
        {place && !isAnswering && (
          <div
            ref={frame}
            className="sense-asking-box"
            role="application"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys.
            tabIndex={0}
            aria-label={t("player.box", {
              left: share(box[0]),
              top: share(box[1]),
              width: share(box[2]),
              height: share(box[3]),
            })}
            aria-describedby="sense-asking-help"
            style={{
              transform: `translate(${place.left}px, ${place.top}px)`,
              width: place.width,
              height: place.height,
            }}
          />
        )}
      </div>
      <div className="sense-asking-bar" hidden={isAnswering}>
        <span id="sense-asking-help">{t("player.help")}</span>
        <Button variant="primary" size="sm" disabled={asking.busy} onClick={() => void asking.run(box)}>
          <Icon icon={faQuestion} /> {t("player.ask")}
        </Button>
        <Button variant="secondary" size="sm" disabled={asking.busy} onClick={() => void asking.run(null)}>
          <Icon icon={faExpand} /> {t("player.frame")}
        </Button>
        <Button variant="secondary" size="sm" aria-label={t("action.close")} onClick={onClose}>
          <Icon icon={faTimes} />
        </Button>
      </div>
      {isAnswering && (
        <Answer
          scene_id={scene_id}
          answer={answer}
          error={error}
          again={() => void asking.run(box)}
          onClose={close}
          onDone={onClose}
        />
      )}
    </section>
  );
}

function stop(event: React.SyntheticEvent): void {
  event.stopPropagation();
}

/** What is in the box; where there is nothing, what is in it and a fifth around it. */
async function identify(id: number, at_s: number, box: Box | null): Promise<Answered> {
  const asked = { kind: "scene", id, at_s } as const;
  const first = await call("people.identify", { ...asked, box });
  if (!box || first.faces.length > 0) return { ...first, wasWidened: false };
  return { ...(await call("people.identify", { ...asked, box: padded(box, PADDING) })), wasWidened: true };
}

type Point = readonly [x: number, y: number];

/** Dragging draws a new box; within the present one it moves that. */
function useDrag(
  box: Box,
  setBox: (box: Box) => void,
  shares: (x: number, y: number) => Point | undefined,
): Record<"onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel", (event: PointerEvent) => void> {
  const drag = useRef<{ id: number; x: number; y: number; from: Point; box: Box | undefined; moves: boolean }>();
  const pointOf = (event: PointerEvent) => {
    const area = event.currentTarget.getBoundingClientRect();
    return shares(event.clientX - area.left, event.clientY - area.top);
  };
  const end = (event: PointerEvent) => {
    if (drag.current?.id === event.pointerId) drag.current = undefined;
  };
  return {
    onPointerDown: (event) => {
      const from = pointOf(event);
      if (event.button !== 0 || !from) return;
      const isInside = event.target !== event.currentTarget;
      event.currentTarget.setPointerCapture(event.pointerId);
      const { pointerId: id, clientX: x, clientY: y } = event;
      drag.current = { id, x, y, from, box: isInside ? box : undefined, moves: false };
    },
    onPointerMove: (event) => {
      const now = drag.current;
      const to = pointOf(event);
      if (!now || now.id !== event.pointerId || !to) return;
      now.moves ||= Math.hypot(event.clientX - now.x, event.clientY - now.y) > DRAG_PX;
      if (!now.moves) return;
      if (now.box) setBox(moved(now.box, to[0] - now.from[0], to[1] - now.from[1]));
      else setBox(between(now.from, to));
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
