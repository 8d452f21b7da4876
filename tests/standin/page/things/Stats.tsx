import { useQuery } from "@apollo/client";
import React from "react";
import { StatsDocument } from "../graphql/documents.ts";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";

export function Stats() {
  const { data } = useQuery<{ stats: Record<string, number> }>(StatsDocument, { fetchPolicy: "network-only" });
  if (!data) return <LoadingIndicator />;
  return (
    <div className="mt-5">
      <div className="col col-sm-8 m-sm-auto row stats">
        {Object.entries(data.stats)
          .filter(([name]) => name.endsWith("_count"))
          .map(([name, value]) => (
            <div key={name} className="stats-element">
              <p className="title">{value}</p>
              <p className="heading">{name.replace("_count", "s")}</p>
            </div>
          ))}
      </div>
    </div>
  );
}
