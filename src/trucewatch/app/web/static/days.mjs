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
  const asked = new URLSearchParams(location.search).get("from");
  const last = new URLSearchParams(location.search).get("to");
  if (asked && asked === last && days.includes(asked)) range.value = days.indexOf(asked) + 1;

  let waiting = 0;
  const choose = () => {
    const at = Number(range.value);
    shown.textContent = words[at];
    range.setAttribute("aria-valuetext", words[at]);
    const day = at ? days[at - 1] : null;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      canvas.dispatchEvent(new CustomEvent("day", { detail: day }));
      list(day);
    }, 150);
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

/** Puts the list of a day in the place of the one that is shown; on trouble the old one stays. */
async function list(day) {
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
  if (!fresh || !old || mine !== newest) return;
  // The form keeps what somebody may be typing into it.
  for (const part of [...old.children]) if (part.localName !== "form") part.remove();
  for (const part of [...fresh.children]) if (part.localName !== "form") old.append(part);
  history.replaceState(null, "", address);
}
