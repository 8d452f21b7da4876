/** Who was seen in a medium: its tracks, put together by person. Pure. */
import type { Track, Who } from "../../schemas/people.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import type { Text } from "../../text/text.ts";
import { type Moment, tracksOf } from "./words.ts";

/** confirmed: the owner said so. match, maybe: as sure as the model is. unknown: nobody that is known. */
export type Recognised = "confirmed" | "match" | "maybe" | "unknown";

export interface Person {
  id: string;
  who: Who | null;
  /** Of those that nobody knows: 1, 2, ... by first appearance; 0 of others. */
  number: number;
  recognised: Recognised;
  tracks: readonly Track[];
  /** By time. */
  moments: readonly Moment[];
  seconds: number;
  /** The track with the best face. */
  best: Track;
}

const RANK: Record<Recognised, number> = { confirmed: 3, match: 2, maybe: 1, unknown: 0 };

/** Tracks of one identity, or of one unknown group, are one person. Who is known comes first, then who is seen longest. */
export function peopleOf(tracks: readonly Track[]): Person[] {
  const byPerson = new Map<string, Track[]>();
  for (const track of tracks) {
    const id = idOf(track);
    byPerson.set(id, [...(byPerson.get(id) ?? []), track]);
  }
  const people = [...byPerson].map(([id, own]) => personOf(id, own));
  people.sort((a, b) => Number(!a.who) - Number(!b.who) || b.seconds - a.seconds || a.id.localeCompare(b.id));
  // Who appear together are numbered in the order in which they are listed.
  const unknown = people.filter(({ who }) => !who).sort((a, b) => firstOf(a) - firstOf(b));
  for (const [n, person] of unknown.entries()) person.number = n + 1;
  return people;
}

// They stand beside labels of tags, which hold no line breaks.
function idOf({ who, group_id, id }: Track): string {
  if (who) return `\nwho:${[...who.keys].sort()[0] ?? who.key}`;
  return group_id ? `\ngroup:${group_id}` : `\ntrack:${id}`;
}

function personOf(id: string, tracks: readonly Track[]): Person {
  const recognised = tracks.map(recognisedOf).reduce((a, b) => (RANK[a] >= RANK[b] ? a : b));
  const moments = tracks.flatMap((track) => track.spans).sort((a, b) => a[0] - b[0]);
  return {
    id,
    who: tracks[0]?.who ?? null,
    number: 0,
    recognised,
    tracks,
    moments,
    seconds: tracks.reduce((total, track) => total + track.seconds, 0),
    best: tracks.reduce((a, b) => (a.quality >= b.quality ? a : b)),
  };
}

function recognisedOf({ who, confirmed, decision }: Track): Recognised {
  if (!who) return "unknown";
  return confirmed ? "confirmed" : decision;
}

function firstOf({ moments }: Person): number {
  return moments[0]?.[0] ?? 0;
}

/** Whom a suggestion is about, among those that were seen. */
export function personIn(people: readonly Person[], { reason }: Pick<Suggestion, "reason">): Person | undefined {
  const ids = tracksOf(reason);
  return people.find(({ tracks }) => tracks.some(({ id }) => ids.includes(id)));
}

/** What a person is called: their name, or "Unknown 1". */
export function nameOfPerson({ t }: Text, { who, number }: Pick<Person, "who" | "number">): string {
  return who?.name || t("people.unknown.number", { number });
}
