import { faCheck, faMapMarkerAlt, faPen, faPlay, faTag, faTimes, faUser } from "@fortawesome/free-solid-svg-icons";
import React, { memo, type ReactNode } from "react";
import { Button } from "react-bootstrap";
import type { Span } from "../../schemas/analysis.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { cueFor } from "../../shared/cueFor.ts";
import { range } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Face } from "../../shared/people/Face.tsx";
import { Moments } from "../../shared/people/Moments.tsx";
import { evidenceOf, evidenceSentence, momentsOf, tracksOf } from "../../shared/people/words.ts";
import { modelOf, reasonSentence, scoreAbout } from "../../shared/reason.ts";
import { Sprite } from "../../shared/Sprite.tsx";
import { StashTag } from "../../shared/StashTag.tsx";
import { useCues } from "../../shared/useCues.ts";
import { useText } from "../../text/text.ts";
import { nameOf } from "./naming.ts";

const SIGNS = { tag: faTag, marker: faMapMarkerAlt, performer: faUser } as const;

/** The same ones at every rendering, so that what did not change is not rendered anew: there may be hundreds. */
export interface RowEvents {
  onPoint(one: Suggestion): void;
  onPlay(one: Suggestion, at_s?: number): void;
  onEdit(one: Suggestion): void;
  onAccept(one: Suggestion): void;
  onReject(one: Suggestion): void;
}

interface Props {
  one: Suggestion;
  /** Where its tag was seen. */
  spans: readonly Span[];
  vtt: string | null | undefined;
  isCurrent: boolean;
  isBusy: boolean;
  events: RowEvents;
  /** Stands below: what edits its range. */
  children?: ReactNode;
}

/** A suggestion that waits: what, why, and what can be done with it. */
export const SuggestionRow = memo(function SuggestionRow(props: Props) {
  const { one, spans, vtt, isCurrent, isBusy, events, children } = props;
  const text = useText();
  const { t } = text;
  const isMarker = one.type === "marker";
  const isPerformer = one.type === "performer";
  const name = nameOf(text, one);
  const shown = isMarker ? one : bestOf(spans);
  const cues = useCues(vtt);
  const cue = cues && shown && cueFor(cues, { ...shown, type: "marker" });
  const act = (key: "play" | "edit" | "accept" | "reject" | "reject_person") => t(`tab.act.${key}`, { name });
  return (
    <li
      className={`sense-suggestion${isCurrent ? " sense-active" : ""}`}
      aria-current={isCurrent ? "true" : undefined}
      data-suggestion={one.id}
      onPointerEnter={() => events.onPoint(one)}
      onFocus={() => events.onPoint(one)}
    >
      <button
        type="button"
        className="sense-suggestion-picture"
        title={act("play")}
        aria-label={act("play")}
        onClick={() => events.onPlay(one)}
      >
        {isPerformer ? (
          <Face id={tracksOf(one.reason)[0] ?? ""} size_px={80} />
        ) : (
          <Sprite vtt={vtt} at_s={cue?.start_s ?? 0} width={80} />
        )}
        <span className="sense-suggestion-play">
          <Icon icon={faPlay} />
        </span>
      </button>
      <div className="sense-suggestion-text">
        <div className="sense-suggestion-name">
          <span className="text-muted" title={t(`tab.type.${one.type}`)}>
            <Icon icon={SIGNS[one.type]} />
          </span>
          <strong>{one.label}</strong>
          {isMarker && <span className="text-nowrap">{range(one.start_s, one.end_s)}</span>}
          <StashTag one={one} />
          {isPerformer && <Sureness one={one} />}
          {one.edited && <span className="badge badge-secondary">{t("tab.edited")}</span>}
        </div>
        {isPerformer && (
          <Moments moments={momentsOf(one.reason)} name={one.label} go={(at_s) => events.onPlay(one, at_s)} />
        )}
        {isPerformer ? (
          <div className="sense-suggestion-reason text-muted">
            {evidenceSentence(text, evidenceOf(one.reason), one.label)}
          </div>
        ) : (
          <div className="sense-suggestion-reason text-muted" title={scoreAbout(text, modelOf(one.reason))}>
            {reasonSentence(text, one, isMarker ? [] : spans)}
          </div>
        )}
      </div>
      <div className="sense-suggestion-acts">
        {isMarker && (
          <Button
            className="minimal"
            size="sm"
            title={act("edit")}
            aria-label={act("edit")}
            disabled={isBusy}
            onClick={() => events.onEdit(one)}
          >
            <Icon icon={faPen} />
          </Button>
        )}
        <Button
          className="minimal"
          size="sm"
          title={act("accept")}
          aria-label={act("accept")}
          disabled={isBusy}
          onClick={() => events.onAccept(one)}
        >
          <Icon icon={faCheck} className="text-success" />
        </Button>
        <Button
          className="minimal"
          size="sm"
          title={act(isPerformer ? "reject_person" : "reject")}
          aria-label={act(isPerformer ? "reject_person" : "reject")}
          disabled={isBusy}
          onClick={() => events.onReject(one)}
        >
          <Icon icon={faTimes} className="text-danger" />
        </Button>
      </div>
      {children}
    </li>
  );
});

/** A match says nothing more; a maybe is called so. */
function Sureness({ one }: { one: Suggestion }) {
  const { t } = useText();
  if (evidenceOf(one.reason).decision !== "maybe") return null;
  return (
    <span className="badge badge-warning" title={t("people.decision.maybe.about")}>
      {t("people.decision.maybe")}
    </span>
  );
}

/** Where playing begins, for it to be seen from its beginning. */
export function beginningOf(one: Suggestion, spans: readonly Span[]): number {
  return (one.type === "marker" ? one : bestOf(spans))?.start_s ?? 0;
}

function bestOf(spans: readonly Span[]): Span | undefined {
  return spans.reduce<Span | undefined>((a, b) => (a && a.peak_score >= b.peak_score ? a : b), undefined);
}
