// Adds to a page that is already whole: opens the arithmetic in place, and checks proofs.
import { able, check } from "./proof.mjs";

const find = (id) => document.getElementById(id);
const words = JSON.parse(find("spoken").textContent);

for (const place of document.querySelectorAll("[data-part]")) {
  const link = place.querySelector("a");
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const said = Object.assign(document.createElement("p"), { className: "waiting", textContent: words.loading });
    said.setAttribute("role", "status");
    link.parentElement.replaceWith(said);
    try {
      const answer = await fetch(`${place.dataset.part}?part=true`, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const made = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
      place.replaceChildren(document.adoptNode(made));
      made.tabIndex = -1;
      made.focus({ preventScroll: true });
    } catch {
      said.textContent = words.failed;
      said.append(" ", Object.assign(document.createElement("a"), { href: place.dataset.part, textContent: link.textContent }));
    }
  });
}

// A proof is checked here, by this browser; the answer is one of three, and never a guess.
const SIGNS = { holds: "✓", recorded: "✓", fails: "✗", unable: "–", none: "–" };

async function verdict(address, why) {
  if (why) return ["unable", why];
  let answer;
  try {
    answer = await fetch(address, { headers: { Accept: "application/json" } });
  } catch {
    return ["unable", ""];
  }
  if (answer.status === 404) return ["none", ""];
  if (!answer.ok) return ["unable", String(answer.status)];
  const { proof, logs, witnesses, quorum } = await answer.json();
  const { verdict: found } = await check(new TextEncoder().encode(proof), { logs, witnesses, quorum: quorum ?? 0 }, null);
  const wanted = address.slice(address.lastIndexOf("/") + 1);
  // A proof that holds for another entry is no proof of this one.
  if (found.origin && found.index !== wanted) return ["fails", found.index];
  if (!found.ok) return ["fails", found.why ?? ""];
  return [found.grade === "recorded" ? "recorded" : "holds", ""];
}

function show(place, state, detail) {
  place.dataset.state = state;
  let told = place.querySelector(".told");
  if (!told) {
    told = Object.assign(document.createElement("span"), { className: "told" });
    place.append(" ", told);
  }
  told.textContent = `${SIGNS[state] ?? "…"} ${words[state]}${detail ? `: ${detail}` : ""}`;
}

const places = [...document.querySelectorAll("[data-proof]")];
const all = find("check-all");
if (all && places.length) {
  all.parentElement.hidden = false;
  all.addEventListener("click", async () => {
    all.disabled = true;
    const why = await able();
    const known = new Map();
    for (const place of places) show(place, "checking", "");
    for (const place of places) {
      const address = place.dataset.proof;
      if (!known.has(address)) known.set(address, await verdict(address, why));
      show(place, ...known.get(address));
    }
    const states = [...known.values()].map(([state]) => state);
    const held = states.filter((state) => state === "holds" || state === "recorded").length;
    const failed = states.filter((state) => state === "fails").length;
    const parts = { held, all: states.length, failed, unable: states.length - held - failed };
    find("checked").textContent = words.summary.replace(/\{(\w+)\}/g, (_, name) => parts[name]) + (why ? ` ${why}` : "");
    find("checked").className = failed ? "small bad" : "small";
    all.disabled = false;
  });
}
