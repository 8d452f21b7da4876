import assert from "node:assert/strict";
import { test } from "node:test";
import { formatQuery, listedBy, parseQuery } from "./query.ts";

test("the address keeps what is shown", () => {
  for (const search of ["", "?view=runs", "?state=failed", "?state=pending&words=a+%26+b"]) {
    assert.equal(formatQuery(parseQuery(search)), search);
  }
  assert.deepEqual(parseQuery("?view=x&state=%3Cscript%3E"), { view: "queue", state: "", words: "" });
});

test("who filters looks at media, else at what they were asked for with", () => {
  assert.deepEqual(listedBy(parseQuery("")), { roots: true });
  assert.deepEqual(listedBy(parseQuery("?state=failed&words=+beach+")), {
    states: ["failed"],
    words: "beach",
    roots: false,
  });
});
