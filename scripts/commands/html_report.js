"use strict";
// Only adds: without it each span still has its title, its place and its row in the table.
(() => {
  const tip = document.getElementById("tip");
  const picture = document.createElement("img");
  picture.alt = "";
  const lines = [0, 1, 2].map(() => document.createElement("p"));
  lines[1].className = lines[2].className = "muted";
  tip.append(picture, ...lines);
  for (const span of document.querySelectorAll(".span")) span.removeAttribute("title");

  const nearest = (medium, seconds) => {
    let best = null;
    let gap = Infinity;
    for (const image of medium.querySelectorAll(".strip img")) {
      const distance = Math.abs(Number(image.dataset.pts) - seconds);
      if (distance < gap) [best, gap] = [image, distance];
    }
    return best;
  };
  const place = (x, y) => {
    const left = Math.min(Math.max(4, x - tip.offsetWidth / 2), window.innerWidth - tip.offsetWidth - 4);
    const above = y - tip.offsetHeight - 14;
    tip.style.left = `${left}px`;
    tip.style.top = `${above >= 4 ? above : y + 24}px`;
  };
  const show = (span, seconds, x, y) => {
    const image = nearest(span.closest(".medium"), seconds);
    picture.hidden = !image;
    if (image) picture.src = image.src;
    const words = [span.dataset.tag, span.dataset.when, span.dataset.more];
    lines.forEach((line, index) => { line.textContent = words[index]; });
    tip.hidden = false;
    place(x, y);
  };
  const hide = () => { tip.hidden = true; };
  const onPointer = (event) => {
    const span = event.target.closest(".span");
    if (!span) return hide();
    const track = span.parentElement.getBoundingClientRect();
    const seconds = ((event.clientX - track.left) / track.width) * Number(span.parentElement.dataset.duration);
    show(span, seconds, event.clientX, event.clientY);
  };
  document.addEventListener("pointermove", onPointer);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("focusin", (event) => {
    const span = event.target.closest(".span");
    if (!span || !span.matches(":focus-visible")) return;
    const box = span.getBoundingClientRect();
    show(span, Number(span.dataset.peak), box.left + box.width / 2, box.top);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
