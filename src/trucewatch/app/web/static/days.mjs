// Stepping through the days: the map and the list beside it show the same day.

/** Makes the slider work; what it chooses is told to the map by an event. */
export function start(canvas) {
  const slider = document.getElementById("slider");
  const range = document.getElementById("day");
  const shown = document.getElementById("shown");
  const words = [...document.querySelectorAll("#day-words li")].map((each) => each.textContent);
  const days = canvas.dataset.days ? canvas.dataset.days.split(",") : [];
  if (!slider || days.length === 0) return;
  slider.hidden = false;
  range.value = days.indexOf(canvas.dataset.day) + 1;

  let waiting = 0;
  const choose = () => {
    const at = Number(range.value);
    shown.textContent = words[at];
    range.setAttribute("aria-valuetext", words[at]);
    const day = at ? days[at - 1] : null;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(canvas, day), 150);
  };
  range.addEventListener("input", choose);
  for (const [name, step] of [["earlier", -1], ["later", 1]]) {
    document.getElementById(name).addEventListener("click", () => {
      range.value = Number(range.value) + step;
      choose();
    });
  }
  shown.textContent = words[Number(range.value)];
  range.setAttribute("aria-valuetext", words[Number(range.value)]);
}

let newest = 0;

/**
 * Puts the list, the drawing and the counts of a day in the place of those that are shown, then has
 * the moving map follow: they never tell of different days. On trouble the old ones stay, all of them.
 */
async function show(canvas, day) {
  const mine = ++newest;
  const address = new URL(location.href);
  for (const name of ["from", "to"]) {
    if (day) address.searchParams.set(name, day);
    else address.searchParams.delete(name);
  }
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || mine !== newest) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("list");
  const old = document.getElementById("list");
  const place = page.getElementById("canvas");
  if (!fresh || !old || !place || mine !== newest) return;
  // The form keeps what somebody may be typing into it.
  for (const part of [...old.children]) if (part.localName !== "form") part.remove();
  for (const part of [...fresh.children]) if (part.localName !== "form") old.append(part);
  for (const [within, wanted] of [[canvas, "svg.map"], [document, "#legend"], [document, "#undrawn"]]) {
    const other = (within === canvas ? place : page).querySelector(wanted);
    if (other) within.querySelector(wanted)?.replaceWith(other);
  }
  canvas.dataset.tiles = place.dataset.tiles;
  canvas.dataset.day = place.dataset.day;
  canvas.dispatchEvent(new CustomEvent("day"));
  history.replaceState(null, "", address);
}
