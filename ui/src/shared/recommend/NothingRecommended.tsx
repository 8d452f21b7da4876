import React, { useEffect, useState } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { onStashSettings } from "../../host/configuration.ts";
import { pluginApi } from "../../host/pluginApi.ts";
import { call, PLUGIN_ID } from "../../operations.ts";
import type { Context, Library, Recommender } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { sentence } from "../Problem.tsx";
import { PAGES } from "../pages.ts";
import { useAction } from "../useOperation.ts";
import { isChanged } from "./form.ts";
import { whyNothing } from "./words.ts";

interface Props {
  context: Context;
  /** The recommender's own sentence. */
  note: string;
  library: Library;
  recommender: Recommender | undefined;
  /** Its settings are as they came. */
  onReset(): void;
}

/** Why nothing is recommended, and what would help. */
export function NothingRecommended({ context, note, library, recommender, onReset }: Props) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const reset = useAction(
    async () => {
      if (!recommender) return;
      await call("recommend.reset", { context, recommender: recommender.id });
      onReset();
    },
    (error) => toast.error(sentence(text, error)),
  );
  const isEmpty = library.scenes === 0;
  const isUnwatched = library.watched === 0 && !isEmpty && context === "global_feed";
  return (
    <div className="sense-nothing">
      <p>{(!isEmpty && note) || t(whyNothing(context, library))}</p>
      {isUnwatched && <Tracking />}
      {recommender && isChanged(recommender.fields, recommender.config) && (
        <Button variant="secondary" size="sm" disabled={reset.busy} onClick={() => void reset.run()}>
          {t("recommend.reset")}
        </Button>
      )}
    </div>
  );
}

/** Whether what is watched is noted at all: a sentence with the way there where it is not. */
export function Tracking() {
  const { t } = useText();
  const [isOn, setOn] = useState<boolean>();
  useEffect(() => {
    const controller = new AbortController();
    onStashSettings(PLUGIN_ID, ({ trackWatching }) => setOn(trackWatching === true), controller.signal);
    return () => controller.abort();
  }, []);
  if (isOn === undefined) return null;
  if (isOn) return <p className="text-muted">{t("recommend.tracking.on")}</p>;
  return (
    <p className="text-muted">
      {t("recommend.tracking.off")} <Link to={`${PAGES.settings.path}?tab=privacy`}>{t("page.settings")}</Link>
    </p>
  );
}
