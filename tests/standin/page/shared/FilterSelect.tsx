/** A select over something that is found by typing, as tags and performers are. */
import React, { type ReactElement, useCallback, useEffect, useRef, useState } from "react";
import AsyncCreatableSelect from "react-select/async-creatable";
import { selectStyles } from "./selectStyles.ts";

export interface Item {
  id: string;
  name: string;
}

export interface SelectProps<T extends Item> {
  values?: T[];
  onSelect?: (items: T[]) => void;
  isMulti?: boolean;
  isClearable?: boolean;
  isDisabled?: boolean;
  creatable?: boolean;
  noSelectionString?: string;
  className?: string;
  inputId?: string;
  excludeIds?: string[];
  menuPortalTarget?: HTMLElement | null;
}

export type IDSelectProps<T extends Item> = Omit<SelectProps<T>, "values"> & { ids?: string[] };

interface Source<T extends Item> {
  className: string;
  placeholder: string;
  find: (text: string) => Promise<T[]>;
  create?: (name: string) => Promise<T>;
}

interface Option<T> {
  value: string;
  label: string;
  object: T;
}

const DEBOUNCE_MS = 200;

export function FilterSelect<T extends Item>(props: SelectProps<T> & Source<T>): ReactElement {
  const { values, onSelect, isMulti = true, isClearable = true, find, create, creatable = true } = props;
  const timer = useRef<number>();
  const [creating, setCreating] = useState(false);
  const option = (object: T): Option<T> => ({ value: object.id, label: object.name, object });
  const load = (text: string) =>
    new Promise<Option<T>[]>((resolve) => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(async () => {
        const found = await find(text);
        resolve(found.filter((item) => !props.excludeIds?.includes(item.id)).map(option));
      }, DEBOUNCE_MS);
    });
  const shown = (values ?? []).map(option);
  const add = async (name: string) => {
    if (!create) return;
    setCreating(true);
    try {
      const made = await create(name);
      onSelect?.(isMulti ? [...(values ?? []), made] : [made]);
    } finally {
      setCreating(false);
    }
  };
  return (
    <AsyncCreatableSelect<Option<T>, boolean>
      className={`react-select ${props.className} ${isMulti ? "" : "single"}`}
      classNamePrefix="react-select"
      inputId={props.inputId}
      styles={selectStyles<Option<T>, boolean>()}
      value={isMulti ? shown : (shown[0] ?? null)}
      isMulti={isMulti}
      isClearable={isClearable}
      isDisabled={props.isDisabled || creating}
      isLoading={creating}
      loadOptions={load}
      defaultOptions
      placeholder={props.noSelectionString ?? props.placeholder}
      isValidNewOption={(text, _, options) =>
        creatable && !!create && !!text.trim() && !options.some((one) => "label" in one && one.label === text)
      }
      onCreateOption={add}
      onChange={(chosen) => {
        const list = Array.isArray(chosen) ? (chosen as Option<T>[]) : chosen ? [chosen as Option<T>] : [];
        onSelect?.(list.map((one) => one.object));
      }}
      menuPortalTarget={props.menuPortalTarget ?? document.body}
    />
  );
}

/** Ids in, things out: what is chosen is asked for by its ids. */
export function useByIds<T extends Item>(ids: string[] | undefined, ask: (ids: string[]) => Promise<T[]>) {
  const [values, setValues] = useState<T[]>([]);
  const key = (ids ?? []).join(",");
  useEffect(() => {
    const wanted = key ? key.split(",") : [];
    const known = new Set(values.map((value) => value.id));
    if (wanted.length === known.size && wanted.every((id) => known.has(id))) return;
    let gone = false;
    if (!wanted.length) setValues([]);
    else ask(wanted).then((found) => gone || setValues(found));
    return () => {
      gone = true;
    };
  }, [key, values, ask]);
  const remember = useCallback((chosen: T[]) => setValues(chosen), []);
  return [values, remember] as const;
}
