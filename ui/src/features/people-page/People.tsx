import React, { useCallback, useState } from "react";
import { Nav } from "react-bootstrap";
import { useStashJobs } from "../../host/stashJobs.ts";
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { FacePicturesContext, useMadeFacePictures } from "../../shared/people/pictures.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Known } from "./Known.tsx";
import { OpenGroup } from "./OpenGroup.tsx";
import { Person } from "./Person.tsx";
import { TABS } from "./query.ts";
import { State } from "./State.tsx";
import { Unknown } from "./Unknown.tsx";
import { useQuery } from "./useQuery.ts";

export function People() {
  const { t, number } = useText();
  const [query, change] = useQuery();
  const pictures = useMadeFacePictures();
  const state = useOperation("people.state", {});
  const [turn, setTurn] = useState(0);
  const { reload } = state;
  /** Something is otherwise than before: all that is shown is asked for anew. */
  const changed = useCallback(() => {
    setTurn((before) => before + 1);
    reload();
  }, [reload]);
  // Tasks of ours change what is known.
  const onStashJob = useCallback((job: StashJob) => isOurs(job) && changed(), [changed]);
  useStashJobs(true, onStashJob);
  // Who cannot be asked says nothing, and not that there is nobody.
  const told = state.data?.ready ? state.data : undefined;
  const counts = { unknown: told?.groups, known: told?.people };

  let body: React.ReactNode;
  if (query.tab === "unknown" && query.group) {
    body = (
      <OpenGroup
        key={query.group}
        id={query.group}
        turn={turn}
        points={state.data?.points}
        change={change}
        changed={changed}
      />
    );
  } else if (query.tab === "known" && query.person) {
    body = (
      <Person key={query.person} id={query.person} points={state.data?.points} change={change} changed={changed} />
    );
  } else if (query.tab === "known") {
    body = <Known query={query} change={change} state={state.data} turn={turn} />;
  } else {
    body = <Unknown query={query} change={change} state={state.data} turn={turn} changed={changed} />;
  }

  return (
    <FacePicturesContext.Provider value={pictures}>
      <div className="sense-people">
        {state.data && <State state={state.data} reload={changed} />}
        {state.error && !state.data && <Problem error={state.error} again={reload} />}
        {!state.data && !state.error && <Loading inline />}
        <Nav variant="tabs" as="nav" aria-label={t("people.tabs")} activeKey={query.tab}>
          {TABS.map((tab) => (
            <Nav.Item key={tab}>
              <Nav.Link
                as="button"
                type="button"
                eventKey={tab}
                aria-current={tab === query.tab ? "page" : undefined}
                onClick={() => change({ tab, group: "", person: "", words: "" })}
              >
                {t(`people.tab.${tab}`)}{" "}
                {counts[tab] !== undefined && <span className="badge badge-secondary">{number(counts[tab] ?? 0)}</span>}
              </Nav.Link>
            </Nav.Item>
          ))}
        </Nav>
        {body}
      </div>
    </FacePicturesContext.Provider>
  );
}
