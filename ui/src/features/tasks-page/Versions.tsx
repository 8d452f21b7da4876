import React from "react";
import type { Status } from "../../schemas/status.ts";
import { useText } from "../../text/text.ts";
import { Facts } from "./Facts.tsx";

declare const __VERSION__: string;

/** Who is of which version, and whether they fit. */
export function Versions({ status }: { status: Status }) {
  const { t } = useText();
  const page = typeof __VERSION__ === "string" ? __VERSION__ : "";
  const isOutdated = page !== "" && status.version !== "" && page !== status.version;
  const mismatch = status.sidecar?.version_mismatch ?? "";
  return (
    <section aria-labelledby="sense-health-versions">
      <h6 id="sense-health-versions">{t("tasks.versions")}</h6>
      <Facts
        facts={[
          { name: t("tasks.versions.plugin"), value: status.version },
          { name: t("tasks.versions.page"), value: isOutdated ? page : "" },
          { name: t("tasks.versions.sidecar"), value: status.sidecar?.version ?? "" },
          { name: t("tasks.versions.stash"), value: status.stash_version },
        ]}
      />
      {(isOutdated || mismatch) && (
        <div className="sense-health-problem" role="alert">
          {isOutdated && <div>{t("tasks.versions.reload", { page, plugin: status.version })}</div>}
          {mismatch && <div>{mismatch}</div>}
        </div>
      )}
    </section>
  );
}
