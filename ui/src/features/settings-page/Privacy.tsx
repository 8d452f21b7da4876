import React, { useEffect, useState } from "react";
import { Button, Form } from "react-bootstrap";
import { Link } from "react-router-dom";
import { onStashSettings } from "../../host/configuration.ts";
import { pluginApi } from "../../host/pluginApi.ts";
import { call, PLUGIN_ID } from "../../operations.ts";
import type { TelemetryState } from "../../schemas/telemetry.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { learnWatching } from "../../shared/watching.ts";
import { type TextKey, useText } from "../../text/text.ts";
import { download } from "./download.ts";
import { EraseWatching } from "./EraseWatching.tsx";
import { Section, Setting } from "./Section.tsx";
import { tell } from "./tell.ts";
import { Unremembered } from "./Unremembered.tsx";

const AN_HOUR_S = 3600;
/** Other tabs have heard of it by then. */
const HEARD_MS = 400;
const RECORDED = ["scenes", "stills", "searches", "nothing_else"] as const;

/** What is remembered of watching, and everything that its owner can do about it. */
export function Privacy() {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const asked = useOperation("telemetry.state", {});
  const [changed, setChanged] = useState<TelemetryState>();
  const state = changed ?? asked.data;
  const [isOn, setOn] = useState<boolean>();
  useEffect(() => {
    const controller = new AbortController();
    onStashSettings(PLUGIN_ID, ({ trackWatching }) => setOn(trackWatching === true), controller.signal);
    return () => controller.abort();
  }, []);
  const onError = (error: Parameters<typeof sentence>[1]) => toast.error(sentence(text, error));

  const { reload } = asked;
  const learn = (state: TelemetryState) => {
    setChanged(state);
    const { tracking, paused_until_s, excluded_tag_ids } = state;
    learnWatching({ tracking, paused_until_s, excluded_tag_ids, heard_ms: Date.now() });
  };
  const turn = useAction(async (on: boolean) => {
    await tell({ trackWatching: on });
    learn(await call("telemetry.state", {}));
  }, onError);
  const pause = useAction(
    async (seconds: number) => {
      // All tabs stop now, and tell what was watched before: the plugin refuses what comes from within a pause.
      if (seconds > 0) {
        learnWatching({ paused_until_s: Date.now() / 1000 + seconds });
        await new Promise((resolve) => window.setTimeout(resolve, HEARD_MS));
      }
      learn(await call("telemetry.pause", { seconds }));
    },
    (error) => {
      learnWatching({ paused_until_s: state?.paused_until_s ?? null });
      onError(error);
    },
  );
  const save = useAction(async () => {
    const pages = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Awaited<ReturnType<typeof exported>> = await exported(after);
      pages.push(page);
      after = page.next;
    }
    const { next: _, ...first } = pages[0] ?? {};
    const whole = { ...first, events: pages.flatMap((page) => page.events) };
    download("watch history.json", JSON.stringify(whole, null, 1), "application/json");
  }, onError);

  if (!state) return asked.error ? <Problem error={asked.error} again={reload} /> : <Loading />;
  const on = isOn ?? state.tracking;
  const until_s = state.paused_until_s;
  return (
    <>
      <Section heading={t("privacy.heading")} about={t("privacy.about")}>
        <Setting
          heading={t("privacy.track")}
          htmlFor="sense-privacy-track"
          about={t("privacy.track.about")}
          aboutId="sense-privacy-track-about"
        >
          <Form.Check
            type="switch"
            id="sense-privacy-track"
            label=""
            aria-label={t("privacy.track")}
            aria-describedby="sense-privacy-track-about"
            checked={on}
            disabled={turn.busy}
            onChange={() => void turn.run(!on)}
          />
        </Setting>
        {on && (
          <Setting
            heading={t("privacy.pause")}
            value={until_s === null ? undefined : t("privacy.paused", { until: text.moment(until_s) })}
            about={t("privacy.pause.about")}
          >
            <Button
              variant="secondary"
              disabled={pause.busy}
              onClick={() => void pause.run(until_s === null ? AN_HOUR_S : 0)}
            >
              {t(until_s === null ? "privacy.pause.hour" : "privacy.pause.end")}
            </Button>
          </Setting>
        )}
        <Setting
          heading={t("privacy.recorded")}
          about={
            <ul className="sense-privacy-recorded">
              {RECORDED.map((what) => (
                <li key={what}>{t(`privacy.recorded.${what}` as TextKey)}</li>
              ))}
            </ul>
          }
        />
      </Section>
      <Unremembered changed={() => void call("telemetry.state", {}).then(learn, () => undefined)} />
      <Section heading={t("privacy.kept")}>
        <Setting
          heading={t("privacy.kept.much")}
          value={t("privacy.kept.count", {
            watches: state.watches,
            events: state.events,
            hours: text.number(state.seconds / 3600, 1),
            size: text.bytes(state.size_bytes),
          })}
          about={
            <>
              {state.since_s !== null && t("privacy.kept.since", { since: text.moment(state.since_s) })}{" "}
              {t("privacy.kept.where")}
            </>
          }
        >
          <Link to={PAGES.statistics.path} className="btn btn-secondary">
            {t("privacy.kept.statistics")}
          </Link>
        </Setting>
        <Setting heading={t("privacy.export")} about={t("privacy.export.about")}>
          <Button variant="secondary" disabled={save.busy} onClick={() => void save.run()}>
            {t("privacy.export.do")}
          </Button>
        </Setting>
        <Setting heading={t("privacy.erase")} about={t("privacy.erase.about")}>
          <EraseWatching
            erased={() => {
              setChanged(undefined);
              reload();
            }}
          />
        </Setting>
      </Section>
    </>
  );
}

const exported = (after: string) => call("telemetry.export", after ? { after } : {});
