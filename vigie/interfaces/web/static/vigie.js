// Small comforts on top of pages that work without it: names under the pointer on maps, list and map answering each other.
for (const map of document.querySelectorAll("svg.map")) {
  const readout = map.closest("figure")?.querySelector(".map-readout");
  const tell = (event) => {
    const link = event.target.closest("a[aria-label]");
    if (readout) readout.textContent = link ? link.getAttribute("aria-label") : "";
  };
  map.addEventListener("pointerover", tell);
  map.addEventListener("focusin", tell);
}
for (const entry of document.querySelectorAll(".entries > li[data-mark]")) {
  const point = document.querySelector(`svg.map [data-mark="${CSS.escape(entry.dataset.mark)}"]`);
  if (!point) continue;
  entry.addEventListener("pointerenter", () => point.classList.add("lit"));
  entry.addEventListener("pointerleave", () => point.classList.remove("lit"));
}
// Printing is the browser's own command; the button spares looking for it.
for (const place of document.querySelectorAll("[data-print]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => window.print());
}
// The week by keys: j and k walk the queue, f opens « Fait », r puts off. Nothing while somebody types.
const queue = document.querySelector(".queue");
if (queue) {
  document.querySelector(".keys")?.removeAttribute("hidden");
  const rows = [...queue.children];
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const at = here();
    if (event.key === "j" || event.key === "k") {
      const to = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
      to.querySelector("a")?.focus();
    } else if (at >= 0 && event.key === "f") {
      const details = rows[at].querySelector("details");
      if (!details) return;
      details.open = true;
      event.preventDefault();
      details.querySelector("input[type=text]").focus();
    } else if (at >= 0 && event.key === "r") {
      rows[at].querySelector(":scope > form")?.requestSubmit();
    }
  });
}
