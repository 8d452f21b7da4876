import React, { useCallback, useEffect, useMemo, useState } from "react";
import { Nav, Tab } from "react-bootstrap";
import { Loading } from "../../shared/Loading.tsx";
import { makeMedia } from "../../shared/media.ts";
import { Problem } from "../../shared/Problem.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Health } from "./Health.tsx";
import { Now } from "./Now.tsx";
import { Queue } from "./Queue.tsx";
import { VIEWS } from "./query.ts";
import { Runs } from "./Runs.tsx";
import { SetUp } from "./SetUp.tsx";
import { Start } from "./Start.tsx";
import { TitlesContext } from "./titles.ts";
import { useQuery } from "./useQuery.ts";
import { useStatus } from "./useStatus.ts";

export function Tasks() {
  const { t } = useText();
  const { status, jobs, seen } = useStatus();
  const settings = useOperation("settings.get", {}, { enabled: status.data?.ready === true });
  const [query, change] = useQuery();
  const [acted, setActed] = useState(0);
  const { reload } = status;
  const changed = useCallback(() => {
    setActed((before) => before + 1);
    reload();
  }, [reload]);
  const pulse = useMemo(() => ({ seen, acted }), [seen, acted]);
  const titles = useMemo(makeMedia, []);
  useEffect(() => () => titles.end(), [titles]);

  if (!status.data) return status.error ? <Failed again={status.reload} error={status.error} /> : <Loading />;
  const failed = status.data.self_test?.checks.filter(({ level }) => level === "fail") ?? [];
  if (!status.data.ready) {
    return <SetUp instruction={status.data.instruction} checks={[]} jobs={jobs} onEnd={status.reload} />;
  }
  return (
    <TitlesContext.Provider value={titles}>
      {status.error && <Failed again={status.reload} error={status.error} />}
      {(failed.length > 0 || !status.data.self_test) && (
        <SetUp instruction="" checks={failed} jobs={jobs} onEnd={status.reload} />
      )}
      <div className="sense-tasks">
        <div className="sense-tasks-main">
          <Now status={status.data} jobs={jobs} changed={changed} />
          <Start status={status.data} settings={settings.data?.store} changed={changed} />
          <Tab.Container
            id="sense-tasks-view"
            activeKey={query.view}
            onSelect={(view) => change({ view: VIEWS.find((one) => one === view) ?? "queue", state: "", words: "" })}
          >
            <section className="sense-tasks-lists">
              <Nav variant="tabs" aria-label={t("tasks.view")}>
                {VIEWS.map((view) => (
                  <Nav.Item key={view}>
                    <Nav.Link as="button" type="button" eventKey={view}>
                      {t(`tasks.view.${view}`)}
                    </Nav.Link>
                  </Nav.Item>
                ))}
              </Nav>
              <Tab.Content>
                <Tab.Pane eventKey="queue" mountOnEnter unmountOnExit transition={false}>
                  <Queue query={query} change={change} status={status.data} pulse={pulse} changed={changed} />
                </Tab.Pane>
                <Tab.Pane eventKey="runs" mountOnEnter unmountOnExit transition={false}>
                  <Runs pulse={pulse} changed={changed} />
                </Tab.Pane>
              </Tab.Content>
            </section>
          </Tab.Container>
        </div>
        <Health status={status.data} quietHours={settings.data?.stash.quiet_hours ?? ""} reload={status.reload} />
      </div>
    </TitlesContext.Provider>
  );
}

function Failed(props: Parameters<typeof Problem>[0]) {
  return (
    <div className="sense-tasks-problem">
      <Problem {...props} />
    </div>
  );
}
