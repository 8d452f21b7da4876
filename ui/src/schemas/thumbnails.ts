import * as v from "valibot";

const pictured = v.picklist(["scene", "image"]);

export const THUMBNAILS = {
  "thumbnails.list": {
    args: v.object({ moments: v.array(v.object({ kind: pictured, id: v.number(), at_s: v.number() })) }),
    output: v.object({
      pictures: v.array(
        v.object({ kind: pictured, id: v.number(), at_s: v.number(), pts_s: v.number(), data_url: v.string() }),
      ),
      problems: v.array(v.object({ kind: pictured, id: v.number(), message: v.string() })),
    }),
  },
};
