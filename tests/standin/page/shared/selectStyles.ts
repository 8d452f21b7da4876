import type { StylesConfig } from "react-select";

/** Dark, as the rest of the page. */
export function selectStyles<T, M extends boolean>(): StylesConfig<T, M> {
  return {
    option: (base) => ({ ...base, color: "#000" }),
    container: (base) => ({ ...base, zIndex: "auto" }),
    multiValueRemove: (base, { isFocused }) => ({ ...base, color: isFocused ? base.color : "#333" }),
    control: (base) => ({ ...base, backgroundColor: "#394b59", border: 0 }),
    input: (base) => ({ ...base, color: "#f5f8fa" }),
    singleValue: (base) => ({ ...base, color: "#f5f8fa" }),
    menuPortal: (base) => ({ ...base, zIndex: 1600 }),
  };
}
