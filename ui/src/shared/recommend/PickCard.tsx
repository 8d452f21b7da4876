import {
  faCircleQuestion,
  faEyeSlash,
  faHeart,
  faThumbsDown,
  faThumbsUp,
  type IconDefinition,
} from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { type StashProps, stashComponent } from "../../host/pluginApi.ts";
import type { Context, Item } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { focusNext } from "../focusNext.ts";
import { Icon } from "../Icon.tsx";
import { pathOf } from "../media.ts";
import type { Feedback } from "./useFeedback.ts";

interface Props {
  item: Item;
  /** undefined: Stash has it no longer. */
  scene: StashProps | undefined;
  context: Context;
  /** Pixels; undefined: the whole row. */
  width: number | undefined;
  zoom: number;
  feedback: Feedback;
  onWhy(): void;
}

/** A recommended scene: Stash's own card, and below it why it is here and what its owner says of it. */
export function PickCard({ item, scene, context, width, zoom, feedback, onWhy }: Props) {
  const { t } = useText();
  const title = nameOf(item, scene);
  const verdict = feedback.of(item);
  const isPruning = context === "prune_candidates";
  const toggle = (one: "more" | "less") => feedback.give(item, verdict === one ? "none" : one);
  return (
    <li className={`sense-pick sense-pick-${verdict}`} style={width ? { width: width + 10 } : undefined}>
      <Picture item={item} scene={scene} width={width} zoom={zoom} title={title} />
      <div className="sense-pick-foot">
        <p className="sense-pick-why" title={item.why.sentence}>
          {item.why.sentence}
        </p>
        <div className="sense-pick-acts">
          <Act
            icon={faCircleQuestion}
            name={t("recommend.why.of", { title })}
            title={t("recommend.why")}
            onClick={onWhy}
          />
          {isPruning ? (
            <Act
              icon={faHeart}
              name={t("recommend.keep.of", { title })}
              title={t("recommend.keep")}
              isLast
              onClick={() => feedback.give(item, "more", t("recommend.kept", { title: short(title) }))}
            />
          ) : (
            <>
              <Act
                icon={faThumbsUp}
                name={t("recommend.more.of", { title })}
                title={t("recommend.more")}
                isOn={verdict === "more"}
                onClick={() => toggle("more")}
              />
              <Act
                icon={faThumbsDown}
                name={t("recommend.less.of", { title })}
                title={t("recommend.less")}
                isOn={verdict === "less"}
                onClick={() => toggle("less")}
              />
              <Act
                icon={faEyeSlash}
                name={t("recommend.hide.of", { title })}
                title={t("recommend.hide")}
                isLast
                onClick={() => feedback.give(item, "hide", t("recommend.hidden", { title: short(title) }))}
              />
            </>
          )}
        </div>
      </div>
    </li>
  );
}

interface ActProps {
  icon: IconDefinition;
  name: string;
  title: string;
  isOn?: boolean;
  /** The scene goes from the list. */
  isLast?: boolean;
  onClick(): void;
}

function Act({ icon, name, title, isOn, isLast = false, onClick }: ActProps) {
  return (
    <Button
      variant="secondary"
      size="sm"
      className={isOn ? "active" : "minimal"}
      aria-label={name}
      aria-pressed={isOn}
      title={title}
      onClick={({ currentTarget, detail }) => {
        if (isLast) focusNext(currentTarget.closest(".sense-pick"), ".sense-pick-acts button", detail);
        onClick();
      }}
    >
      <Icon icon={icon} />
    </Button>
  );
}

/** Stash's card; a link with a picture where this Stash shares none. */
function Picture({
  item,
  scene,
  width,
  zoom,
  title,
}: Pick<Props, "item" | "scene" | "width" | "zoom"> & { title: string }) {
  const { t } = useText();
  const SceneCard = stashComponent("SceneCard");
  if (!scene) return <div className="card sense-pick-gone text-muted">{t("recommend.gone", { title })}</div>;
  if (SceneCard) return <SceneCard scene={scene} width={width} zoomIndex={zoom} />;
  return (
    <Link to={pathOf("scene", item.scene_id)} className="card sense-pick-plain">
      {scene.paths?.screenshot && <img src={scene.paths.screenshot} alt="" loading="lazy" />}
      {title}
    </Link>
  );
}

/** Its title, or what stands for one. */
export function nameOf(item: Item, scene: StashProps | undefined): string {
  const path: unknown = scene?.files?.[0]?.path;
  const file = typeof path === "string" ? path.split(/[\\/]/).pop() : "";
  return item.title || scene?.title || file || `#${item.scene_id}`;
}

/** As much of a title as a toast has room for. */
function short(title: string): string {
  return title.length > 60 ? `${title.slice(0, 59)}…` : title;
}
