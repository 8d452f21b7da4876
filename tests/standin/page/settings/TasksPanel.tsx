import { useQuery } from "@apollo/client";
import React from "react";
import { Button } from "react-bootstrap";
import { useToast } from "../frame/Toasts.tsx";
import { PluginsDocument } from "../graphql/documents.ts";
import { mutateMetadataGenerate, mutateMetadataScan, mutateRunPluginTask } from "../graphql/service.ts";
import type { Plugin } from "../graphql/types.ts";
import { Setting, SettingGroup } from "./inputs.tsx";
import { JobTable } from "./JobTable.tsx";
import { Section } from "./Section.tsx";

const GENERATED = { scanGenerateCovers: true, scanGenerateSprites: true };

export function TasksPanel() {
  const { data } = useQuery<{ plugins: Plugin[] | null }>(PluginsDocument);
  const toast = useToast();
  const start = async (name: string, mutate: () => Promise<unknown>) => {
    try {
      await mutate();
      toast.success(`Added job ${name} to queue`);
    } catch (error) {
      toast.error(error);
    }
  };
  const withTasks = (data?.plugins ?? []).filter((plugin) => plugin.enabled && plugin.tasks?.length);
  return (
    <div id="tasks-panel">
      <div className="tasks-panel-queue">
        <h1>Task Queue</h1>
        <JobTable />
      </div>
      <div className="tasks-panel-tasks">
        <Section heading="Library">
          <Setting heading="Scan" subHeading="Scan for new content and add it to the database.">
            <Button variant="secondary" onClick={() => start("Scan", () => mutateMetadataScan(GENERATED))}>
              Scan
            </Button>
          </Setting>
          <Setting heading="Generate" subHeading="Generate covers and sprites.">
            <Button
              variant="secondary"
              onClick={() => start("Generate", () => mutateMetadataGenerate({ covers: true, sprites: true }))}
            >
              Generate
            </Button>
          </Setting>
        </Section>
        {withTasks.length > 0 && (
          <Section heading="Plugin Tasks">
            {withTasks.map((plugin) => (
              <SettingGroup key={plugin.id} settingProps={{ heading: plugin.name }} collapsible>
                {plugin.tasks?.map((task) => (
                  <Setting key={task.name} heading={task.name} subHeading={task.description}>
                    <Button
                      variant="secondary"
                      size="sm"
                      onClick={() => start(task.name, () => mutateRunPluginTask(plugin.id, task.name))}
                    >
                      {task.name}
                    </Button>
                  </Setting>
                ))}
              </SettingGroup>
            ))}
          </Section>
        )}
      </div>
    </div>
  );
}
