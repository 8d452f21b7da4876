import { faCog } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Alert, Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { OperationError } from "../../operations.ts";
import type { Analysis } from "../../schemas/analysis.ts";
import { timecode } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { sentence } from "../../shared/Problem.tsx";
import { useText } from "../../text/text.ts";

/** A sentence on what was analysed, when and by what. */
export function Summary({ analysis }: { analysis: Analysis }) {
  const text = useText();
  const { t } = text;
  return (
    <div className="sense-summary text-muted">
      <span title={text.moment(analysis.done_s)}>
        {t("tab.summary", {
          when: text.ago(analysis.done_s),
          model: analysis.model,
          samples: analysis.samples,
          duration: timecode(analysis.duration_s),
        })}
      </span>
      {analysis.warnings.map((warning) => (
        <div key={warning.code + warning.message} className="text-warning">
          {warning.message}
        </div>
      ))}
    </div>
  );
}

/** What there is to say where nothing was found. */
export function NothingFound({ analysis }: { analysis: Analysis }) {
  const text = useText();
  const { t } = text;
  const isLite = analysis.model === "lite";
  return (
    <p className="sense-verdict">
      {t("tab.nothing", {
        model: analysis.model,
        samples: analysis.samples,
        interval: text.number(analysis.interval_s, 1),
      })}{" "}
      {isLite && (
        <>
          {t("tab.nothing.lite")} <Link to="/sense/settings">{t("tab.nothing.models")}</Link>
        </>
      )}
    </p>
  );
}

/** The last try failed; what an earlier one found is shown below. */
export function Failure({ message, when_s, again }: { message: string; when_s: number; again(): void }) {
  const text = useText();
  return (
    <Alert variant="danger" role="alert" className="sense-problem">
      <span>{text.t("tab.failed", { when: text.ago(when_s), why: message })}</span>
      <Button variant="secondary" size="sm" onClick={again}>
        {text.t("action.again")}
      </Button>
    </Alert>
  );
}

/** Nothing can be shown at all: the plugin said no, or did not answer. */
export function Unanswered({ error, again }: { error: OperationError; again(): void }) {
  const text = useText();
  return (
    <Alert variant="warning" role="alert">
      <p>{sentence(text, error)}</p>
      <Button variant="secondary" size="sm" onClick={again}>
        {text.t("action.again")}
      </Button>{" "}
      {error.kind === "refused" && (
        <Link to="/sense/settings" className="btn btn-secondary btn-sm">
          <Icon icon={faCog} /> {text.t("tab.settings")}
        </Link>
      )}
    </Alert>
  );
}
