import React from "react";
import { Button } from "react-bootstrap";
import type { Output } from "../../operations.ts";
import { useText } from "../../text/text.ts";
import { Level } from "./Level.tsx";
import { Section, Setting } from "./Section.tsx";

type Probe = Output<"paths.probe">;

interface Props {
  probed: Probe;
  onUse(rule: string): void;
  isUsed(rule: string): boolean;
}

/** What the sidecar sees of some of Stash's files, and mappings that would help. */
export function Probed({ probed, onUse, isUsed }: Props) {
  const { t } = useText();
  const { files, suggested, media_roots } = probed;
  const seen = files.filter((file) => file.seen).length;
  return (
    <>
      {suggested.length > 0 && (
        <Section heading={t("settings.paths.suggested")}>
          {suggested.map(({ rule, files: count }) => (
            <Setting key={rule} heading={<code>{rule}</code>} about={t("settings.paths.suggested.about", { count })}>
              <Button variant="primary" size="sm" disabled={isUsed(rule)} onClick={() => onUse(rule)}>
                {t(isUsed(rule) ? "settings.paths.used" : "settings.paths.use")}
              </Button>
            </Setting>
          ))}
        </Section>
      )}
      <Section heading={t("settings.paths.files")}>
        <p className="sense-tests-summary" role="status">
          {files.length === 0 ? t("settings.paths.none") : t("settings.paths.seen", { seen, count: files.length })}
          {seen < files.length && <span className="d-block text-muted">{t("settings.paths.fallback")}</span>}
        </p>
        {files.length > 0 && (
          <ul className="sense-tests sense-probed">
            {[...files]
              .sort((a, b) => Number(a.seen) - Number(b.seen))
              .map((file) => (
                <li key={file.stash}>
                  <Level level={!file.seen ? "fail" : file.same_size ? "ok" : "warn"} />
                  <div>
                    <span className="sense-path">{file.stash}</span>
                    {file.sidecar !== file.stash && (
                      <span className="sense-path text-muted">
                        {t("settings.paths.becomes", { path: file.sidecar })}
                      </span>
                    )}
                    {!file.seen && <p className="sense-tests-remedy">{file.problem}</p>}
                    {file.seen && !file.same_size && (
                      <p className="sense-tests-remedy">{t("settings.paths.other_size")}</p>
                    )}
                  </div>
                </li>
              ))}
          </ul>
        )}
      </Section>
      <Section heading={t("settings.paths.roots")} about={t("settings.paths.roots.about")}>
        {media_roots.length === 0 ? (
          <p className="sense-tests-summary">{t("settings.paths.roots.none")}</p>
        ) : (
          <ul className="sense-roots">
            {media_roots.map((root) => (
              <li key={root}>
                <code>{root}</code>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
