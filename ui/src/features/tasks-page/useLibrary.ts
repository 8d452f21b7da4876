import { gql } from "@apollo/client";
import { useEffect, useState } from "react";
import * as v from "valibot";
import { apolloClient } from "../../host/pluginApi.ts";
import type { Kind } from "../../schemas/common.ts";

const COUNTS = gql`query StashSenseLibrary {
  scene: findScenes(filter: { per_page: 1 }) { count }
  image: findImages(filter: { per_page: 1 }) { count }
  gallery: findGalleries(filter: { per_page: 1 }) { count }
}`;
const count = v.object({ count: v.number() });
const reply = v.object({ scene: count, image: count, gallery: count });

/** How many media of each kind Stash has; undefined until it said so. */
export function useLibrary(): Readonly<Record<Kind, number>> | undefined {
  const [library, setLibrary] = useState<Record<Kind, number>>();
  useEffect(() => {
    let isWanted = true;
    const ask = async () => {
      try {
        const { data } = await apolloClient().query<unknown>({ query: COUNTS, fetchPolicy: "no-cache" });
        const { scene, image, gallery } = v.parse(reply, data);
        if (isWanted) setLibrary({ scene: scene.count, image: image.count, gallery: gallery.count });
      } catch {
        // The question can be answered without numbers.
      }
    };
    void ask();
    return () => {
      isWanted = false;
    };
  }, []);
  return library;
}
