/** Groups of suggestions as the list shows them. Pure. */
import type { Output } from "../../operations.ts";
import type { Kind } from "../../schemas/common.ts";
import { mediumKey } from "../../shared/mediumKey.ts";
import type { Decided, Verdict } from "./ledger.ts";
import { type Grouping, groupOfRow } from "./query.ts";

export type RawGroup = Output<"suggestions.groups">["groups"][number];

/** agreed: how often the owner accepted and rejected the label. top, low: scores. */
export interface Group {
  key: string;
  title: string;
  category: string;
  kind: Kind | undefined;
  count: number;
  agreed: readonly [number, number] | undefined;
  top: number | undefined;
  low: number | undefined;
}

export interface SinceThen {
  verdict: Verdict;
  row: Decided;
}

export function toGroups(by: Grouping, raw: readonly RawGroup[]): Group[] {
  return raw.map((one) => ({
    key: keyOf(by, one),
    title: titleOf(by, one),
    category: one.category ?? "",
    kind: one.kind,
    count: one.count,
    agreed: one.agreed,
    top: one.top_score,
    low: one.low_score,
  }));
}

function keyOf(by: Grouping, one: RawGroup): string {
  if (by === "label") return one.label ?? "";
  return by === "run" ? String(one.run_id ?? 0) : mediumKey(one.kind ?? "scene", one.media_id ?? 0);
}

function titleOf(by: Grouping, one: RawGroup): string {
  if (by === "label") return one.label ?? "";
  return (by === "run" ? one.title : one.name) || "";
}

/** In the order of `before`, so that nothing moves under a hand; what is new comes behind. */
export function inOrderOf(before: readonly Group[], now: readonly Group[]): Group[] {
  const place = new Map(before.map((group, n) => [group.key, n]));
  const at = (group: Group) => place.get(group.key) ?? Number.POSITIVE_INFINITY;
  return [...now].sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
}

/** Counts and agreements with what was decided since the plugin counted. A group without any left stays if it is open. */
export function corrected(
  groups: readonly Group[],
  by: Grouping,
  since: readonly SinceThen[],
  open: string,
): readonly Group[] {
  const gone = new Map<string, number>();
  for (const { row } of since) {
    const key = groupOfRow(by, row);
    gone.set(key, (gone.get(key) ?? 0) + 1);
  }
  return groups
    .map((group) => {
      const count = Math.max(0, group.count - (gone.get(group.key) ?? 0));
      const agreed = by === "label" ? agreedSince(group.agreed, group.key, since) : group.agreed;
      return count === group.count && agreed === group.agreed ? group : { ...group, count, agreed };
    })
    .filter((group) => group.count > 0 || group.key === open);
}

/** An agreement with what was decided since. The same array where nothing was. */
export function agreedSince(
  agreed: readonly [number, number] | undefined,
  label: string,
  since: readonly SinceThen[],
): readonly [number, number] | undefined {
  if (!agreed) return undefined;
  let [yes, no] = agreed;
  for (const { verdict, row } of since) {
    if (row.label !== label) continue;
    if (verdict === "accept") yes++;
    else if (verdict === "reject") no++;
  }
  return yes === agreed[0] && no === agreed[1] ? agreed : [yes, no];
}

/** Those whose name or category has the words. */
export function named(groups: readonly Group[], words: string): readonly Group[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return groups;
  return groups.filter(({ title, category, key }) =>
    [title, category, key].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/** The group to go on with after `key`. */
export function after(groups: readonly Group[], key: string): Group | undefined {
  const at = groups.findIndex((group) => group.key === key);
  const left = (group: Group) => group.key !== key && group.count > 0;
  return groups.slice(at + 1).find(left) ?? groups.find(left);
}
