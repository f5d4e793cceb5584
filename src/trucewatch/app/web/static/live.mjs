// News from the server: told politely, and shown only when the reader asks for it.

const PATIENCE_MS = 20000;

/** Watches the stream of events and tells of changes within an element. */
export function follow(place) {
  if (!("EventSource" in window)) return;
  const stream = new EventSource("/events");
  let told = false;
  let trouble = 0;
  const changed = () => {
    if (told) return;
    told = true;
    const words = document.createElement("span");
    words.textContent = place.dataset.one;
    const show = document.createElement("a");
    show.href = location.href;
    show.textContent = place.dataset.show;
    place.replaceChildren(words, show);
  };
  for (const kind of ["change", "changed", "view"]) stream.addEventListener(kind, changed);
  stream.addEventListener("open", () => {
    clearTimeout(trouble);
    trouble = 0;
    if (!told) place.replaceChildren();
  });
  stream.addEventListener("error", () => {
    // Where there is no such stream, nothing is said of it.
    if (stream.readyState === EventSource.CLOSED || trouble || told) return;
    trouble = setTimeout(() => { place.textContent = place.dataset.off; }, PATIENCE_MS);
  });
  addEventListener("pagehide", () => stream.close());
}
