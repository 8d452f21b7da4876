/** The scene's timeline: a lane per tag, in step with the player. */
import { faMinus, faPlus } from "@fortawesome/free-solid-svg-icons";
import React, { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button, ButtonGroup, Form } from "react-bootstrap";
import type { Player } from "../../host/pluginApi.ts";
import type { Analysis } from "../../schemas/analysis.ts";
import { range as asRange, timecode } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { HoverCard, type Pointed } from "./HoverCard.tsx";
import { LaneRow } from "./LaneRow.tsx";
import { type Lane, nearestSpan, scoreRange, withWords } from "./lanes.ts";
import { Playhead } from "./Playhead.tsx";
import { usePointer } from "./usePointer.ts";
import { useWidth } from "./useWidth.ts";
import { isWhole, panned, showing, ticks, type View, whole, xOf, zoomed } from "./view.ts";

const FEW_TAGS = 12;
const FEW_PEOPLE = 8;
const ZOOM = 2;
const KEYS = new Set(["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home", "End", "Enter", "+", "-", "0"]);
let instances = 0;

interface Props {
  /** Scores of its spans are compared with each other. */
  analysis: Pick<Analysis, "spans" | "model">;
  lanes: readonly Lane[];
  duration_s: number;
  player: Player | undefined;
  vtt: string | null | undefined;
  seek(at_s: number): void;
  /** The lane that is pointed at or chosen, by its id. */
  onLane(id: string | undefined): void;
}

export function Timeline({ analysis, lanes, duration_s, player, vtt, seek, onLane }: Props) {
  const { t } = useText();
  const [view, setView] = useState<View>(() => whole(duration_s));
  const [words, setWords] = useState("");
  const [showsAll, setShowsAll] = useState(false);
  const [active, setActive] = useState<{ lane: string; span: number }>();
  const [prefix] = useState(() => `sense-lane-${++instances}-`);
  const list = useRef<HTMLDivElement>(null);
  const [axis, width] = useWidth<HTMLDivElement>();
  const range = useMemo(() => scoreRange(analysis.spans), [analysis.spans]);

  const found = useMemo(() => withWords(lanes, words), [lanes, words]);
  const shown = showsAll || words ? found : few(found);
  const chosen = shown.findIndex((lane) => lane.id === active?.lane);

  const showCard = useRef<(pointed: Pointed | undefined) => void>();
  const tell = useCallback((show: ((pointed: Pointed | undefined) => void) | undefined) => {
    showCard.current = show;
  }, []);
  const hovered = useRef<string>();

  const point = useCallback(
    (pointed: Pointed | undefined) => {
      showCard.current?.(pointed);
      if (hovered.current === pointed?.lane.id) return;
      hovered.current = pointed?.lane.id;
      onLane(pointed?.lane.id ?? active?.lane);
    },
    [active?.lane, onLane],
  );

  const choose = useCallback(
    (id: string, span: number) => {
      setActive({ lane: id, span });
      onLane(id);
      const chosenSpan = lanes.find((lane) => lane.id === id)?.spans[span];
      if (chosenSpan) setView((before) => showing(before, chosenSpan.start_s, chosenSpan.end_s, duration_s));
    },
    [lanes, duration_s, onLane],
  );

  usePointer({ list, lanes: shown, view, width, duration_s, setView, point, seek, choose });

  // Another duration is another scene's, or the first one that is known.
  useEffect(() => setView(whole(duration_s)), [duration_s]);

  const zoom = (factor: number) => {
    const now_s = player && !player.isDisposed() ? player.currentTime() : 0;
    setView((before) => {
      const middle_s = now_s >= before.from_s && now_s <= before.to_s ? now_s : (before.from_s + before.to_s) / 2;
      return zoomed(before, factor, middle_s, duration_s);
    });
  };

  const activeSpan = shown[chosen]?.spans[active?.span ?? -1];
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const now_s = player && !player.isDisposed() ? player.currentTime() : 0;
    const lane = shown[chosen];
    const go = (n: number) => {
      const next = shown[Math.min(Math.max(n, 0), shown.length - 1)];
      if (!next) return;
      const at_s = lane?.spans[active?.span ?? -1]?.start_s ?? now_s;
      choose(next.id, nearestSpan(next.spans, at_s));
      document.getElementById(prefix + shown.indexOf(next))?.scrollIntoView({ block: "nearest" });
    };
    const step = (by: number) => {
      if (!lane) return go(0);
      choose(lane.id, Math.min(Math.max((active?.span ?? -1) + by, 0), lane.spans.length - 1));
    };
    const act = (key: string): unknown => {
      switch (key) {
        case "ArrowDown":
          return go(chosen + 1);
        case "ArrowUp":
          return go(chosen - 1);
        case "ArrowRight":
          return step(1);
        case "ArrowLeft":
          return step(-1);
        case "Home":
          return step(Number.NEGATIVE_INFINITY);
        case "End":
          return step(Number.POSITIVE_INFINITY);
        case "Enter":
          return activeSpan && seek(activeSpan.start_s);
        case "+":
          return zoom(ZOOM);
        case "-":
          return zoom(1 / ZOOM);
        case "0":
          return setView(whole(duration_s));
        default:
          return undefined;
      }
    };
    if (!KEYS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    act(event.key);
  };

  const hidden = found.length - shown.length;
  return (
    <div className={`sense-timeline${lanes.some((lane) => lane.person) ? " sense-with-people" : ""}`}>
      <div className="sense-timeline-bar">
        <Form.Control
          size="sm"
          className="text-input"
          type="search"
          value={words}
          placeholder={t("tab.timeline.filter")}
          aria-label={t("tab.timeline.filter")}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <ButtonGroup size="sm" aria-label={t("tab.timeline.zoom")}>
          <Button variant="secondary" aria-label={t("tab.timeline.wider")} onClick={() => zoom(1 / ZOOM)}>
            <Icon icon={faMinus} />
          </Button>
          <Button variant="secondary" disabled={isWhole(view, duration_s)} onClick={() => setView(whole(duration_s))}>
            {t("tab.timeline.fit")}
          </Button>
          <Button variant="secondary" aria-label={t("tab.timeline.closer")} onClick={() => zoom(ZOOM)}>
            <Icon icon={faPlus} />
          </Button>
        </ButtonGroup>
      </div>
      <div
        ref={list}
        className={`sense-lanes${isWhole(view, duration_s) ? "" : " sense-zoomed"}`}
        role="listbox"
        tabIndex={0}
        aria-label={t("tab.timeline.label")}
        aria-activedescendant={chosen >= 0 ? prefix + chosen : undefined}
        onKeyDown={onKeyDown}
      >
        {shown.map((lane, n) => (
          <LaneRow
            key={lane.id}
            id={prefix + n}
            lane={lane}
            view={view}
            width={width}
            range={range}
            isActive={n === chosen}
            span={n === chosen ? (active?.span ?? -1) : -1}
          />
        ))}
        <Playhead
          player={player}
          view={view}
          onLeft={(at_s) => setView((before) => panned(before, at_s - before.from_s, duration_s))}
        />
      </div>
      <div className="sense-axis" aria-hidden="true">
        <div ref={axis}>
          {ticks(view, Math.max(2, Math.floor(width / 60))).map((at_s) => (
            <span key={at_s} style={{ left: xOf(at_s, view, width) }}>
              {timecode(at_s)}
            </span>
          ))}
        </div>
      </div>
      {found.length === 0 && <p className="text-muted">{t("tab.timeline.none", { words })}</p>}
      {!words && (hidden > 0 || showsAll) && few(found).length < found.length && (
        <Button variant="link" size="sm" className="sense-more" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? t("tab.timeline.fewer") : t("tab.timeline.all", { count: found.length })}
        </Button>
      )}
      {lanes.some((lane) => lane.person) && (
        <div className="sense-legend text-muted" aria-hidden="true">
          {t("tab.legend.people")}
          {(["confirmed", "match", "maybe", "unknown"] as const).map((recognised) => (
            <span key={recognised} className={`sense-${recognised}`}>
              {t(`tab.person.${recognised}`)}
            </span>
          ))}
        </div>
      )}
      {lanes.some((lane) => !lane.person) && (
        <div className="sense-legend text-muted" aria-hidden="true">
          {lanes.some((lane) => lane.person) && t("tab.legend.tags")}
          {(["suggested", "accepted", "seen"] as const).map((standing) => (
            <span key={standing} className={`sense-${standing}`}>
              {t(`tab.lane.${standing}`)}
            </span>
          ))}
        </div>
      )}
      <div className="sense-visually-hidden" aria-live="polite">
        {activeSpan &&
          t("tab.timeline.span", {
            label: shown[chosen]?.label ?? "",
            number: (active?.span ?? 0) + 1,
            count: shown[chosen]?.spans.length ?? 0,
            range: asRange(activeSpan.start_s, activeSpan.end_s),
          })}
      </div>
      <HoverCard vtt={vtt} model={analysis.model} tell={tell} />
    </div>
  );
}

/** People and tags, some of each. */
function few(lanes: readonly Lane[]): readonly Lane[] {
  const people = lanes.filter((lane) => lane.person);
  const tags = lanes.filter((lane) => !lane.person);
  return [...people.slice(0, FEW_PEOPLE), ...tags.slice(0, FEW_TAGS)];
}
