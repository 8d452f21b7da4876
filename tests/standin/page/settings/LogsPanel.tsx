import { useQuery, useSubscription } from "@apollo/client";
import React, { useState } from "react";
import { LoggingSubscribeDocument, LogsDocument } from "../graphql/documents.ts";

interface Line {
  time: string;
  level: string;
  message: string;
}

const SHOWN = 200;

export function LogsPanel() {
  const { data } = useQuery<{ logs: Line[] }>(LogsDocument, { fetchPolicy: "no-cache" });
  const [fresh, setFresh] = useState<Line[]>([]);
  useSubscription<{ loggingSubscribe: Line[] }>(LoggingSubscribeDocument, {
    onData: ({ data: event }) =>
      setFresh((known) => [...(event.data?.loggingSubscribe ?? []), ...known].slice(0, SHOWN)),
  });
  return (
    <div className="logs">
      <h2>Logs</h2>
      {[...fresh, ...(data?.logs ?? [])].map((line, index) => (
        <div key={index} className="row">
          <span className="log-time">{new Date(line.time).toLocaleTimeString("en-GB")}</span>
          <span className={`log-level ${line.level.toLowerCase()}`}>{line.level}</span>
          <span className="col col-sm-9">{line.message}</span>
        </div>
      ))}
    </div>
  );
}
