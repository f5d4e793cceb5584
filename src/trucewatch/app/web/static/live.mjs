// News from the server: told politely, and shown only when the reader asks for it.

const PATIENCE_MS = 20000;

/** Watches the stream of events and tells of changes within an element. */
export function follow(place) {
  if (!("EventSource" in window)) return;
  const stream = new EventSource("/events");
  let told = 0;
  let trouble = 0;
  const changed = ({ data }) => {
    told += JSON.parse(data).changes;
    // A view can be made anew with nothing that these viewers would see.
    if (!told) return;
    const words = document.createElement("span");
    words.textContent = place.dataset.news.replace("{n}", told);
    const show = document.createElement("a");
    show.href = location.href;
    show.textContent = place.dataset.show;
    place.replaceChildren(words, show);
  };
  stream.addEventListener("view", changed);
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
