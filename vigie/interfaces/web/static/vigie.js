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
