import { faFilm, faImage, faImages } from "@fortawesome/free-solid-svg-icons";

export const KIND_ICONS = { scene: faFilm, image: faImage, gallery: faImages } as const;
