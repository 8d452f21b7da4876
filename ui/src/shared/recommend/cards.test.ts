import assert from "node:assert/strict";
import { test } from "node:test";
import { cardWidth } from "./cards.ts";

test("cards fill the row, and are no wider than preferred", () => {
  assert.equal(cardWidth(1440, 340), 278);
  assert.equal(cardWidth(700, 340), 340);
  assert.equal(cardWidth(435, 220), 207);
});

test("on a phone a card takes the row, but small ones stand beside each other", () => {
  assert.equal(cardWidth(390, 280), undefined);
  assert.equal(cardWidth(390, 220), 185);
  assert.equal(cardWidth(0, 280), undefined);
});
