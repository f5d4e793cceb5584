// The review queue by keyboard: what each key does is also a button, and works without this.
import { follow } from "./live.mjs";

const find = (id) => document.getElementById(id);
const desk = find("desk"), reason = find("reason"), other = find("other");
const words = JSON.parse(find("spoken").textContent);
const cases = () => [...document.querySelectorAll("#queue .case")];
const SWITCH = "trucewatch.keys";
let armed = null, undoing = null, busy = false;
const entered = [];

const say = (text) => { find("told").textContent = text; };
const told = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");
const chosen = () => document.querySelector("#queue .case:has(input[name=incident]:checked)");
const title = (one) => one.querySelector("h2").textContent.trim();

function choose(one, focus = true) {
  if (!one) return;
  one.querySelector("input[name=incident]").checked = true;
  for (const each of cases()) each.classList.toggle("chosen", each === one);
  find("split").href = `/incidents/${one.dataset.id}#split`;
  find("chosen").textContent = title(one);
  find("chosen").hidden = false;
  if (focus) {
    one.querySelector("input[name=incident]").focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest" });
  }
}

function move(step) {
  const all = cases(), at = all.indexOf(chosen());
  choose(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
}

// In a narrow window the desk is a bar over the list: it is low until somebody writes in it.
function open(wide) { find("bar").classList.toggle("open", wide); }

function arm(button) {
  armed = button;
  undoing = null;
  open(true);
  for (const each of desk.querySelectorAll("button[name=act]")) each.classList.toggle("armed", each === button);
  const needs = words.other.includes(button.value);
  desk.classList.toggle("needs-other", needs);
  other.required = needs;
  find("reason-help").textContent = told(words.armed, { act: button.firstChild.textContent.trim() });
  (needs && !other.value ? other : reason).focus();
}

function disarm() {
  armed = undoing = null;
  open(false);
  desk.classList.remove("needs-other");
  other.required = false;
  find("reason-help").textContent = "";
  for (const each of desk.querySelectorAll(".armed")) each.classList.remove("armed");
}

function armUndo(act) {
  if (!act) return;
  disarm();
  undoing = act;
  open(true);
  choose(act.row, false);
  reason.value = words.undo_reason;
  find("reason-help").textContent = told(words.undo_armed, { act: act.word, index: act.index });
  reason.focus();
  reason.select();
}

function outcome(row, text, sort) {
  const place = row.querySelector(".outcome");
  place.hidden = false;
  place.className = `outcome ${sort}`;
  place.textContent = text;
  return place;
}

// What there is to see of an incident that is named by its id, and may be none of the list.
function remember(id, seen) {
  const name = `seen-${id}`;
  const field = desk.elements[name] ?? desk.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = seen;
}

async function send(row, fields) {
  const body = new URLSearchParams({ csrf: desk.elements.csrf?.value ?? "", ...fields });
  const answer = await fetch(desk.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const kind = answer.headers.get("content-type") ?? "";
  const data = kind.includes("json") ? await answer.json() : {};
  return { status: answer.status, data };
}

async function submit() {
  const row = chosen();
  if (!row || busy || !(armed || undoing)) return;
  if (!reason.value.trim()) { say(words.no_reason); find("reason-help").textContent = words.no_reason; reason.focus(); return; }
  if (armed && words.other.includes(armed.value) && !other.value.trim()) { other.focus(); say(words.no_other); return; }
  const act = undoing ? "undo" : armed.value, label = undoing ? undoing.word : armed.firstChild.textContent.trim();
  const seen = desk.elements[`seen-${row.dataset.id}`];
  busy = true;
  desk.setAttribute("aria-busy", "true");
  try {
    const fields = { incident: row.dataset.id, act, reason: reason.value, other: other.value, [seen.name]: seen.value };
    const looked = desk.elements[`seen-${other.value.trim()}`];
    if (looked) fields[looked.name] = looked.value;
    if (undoing) fields.entry = undoing.index;
    const { status, data } = await send(row, fields);
    if (status === 200) {
      done(row, data, label);
    } else if (status === 409 && (data.seen || data.seen_other)) {
      if (data.other) remember(data.other, data.seen_other);
      else seen.value = data.seen;
      const place = outcome(row, `${words.stale} ${data.changes.join(" ")} `, "changed");
      const link = Object.assign(document.createElement("a"), { href: `/incidents/${data.other || row.dataset.id}`, textContent: words.look });
      place.append(link);
      disarm();
      choose(row);
      say(place.textContent);
    } else {
      const why = data.detail ?? told(words.failed, { status });
      outcome(row, typeof why === "string" ? why : words.failed, "bad");
      say(row.querySelector(".outcome").textContent);
      disarm();
      choose(row);
    }
  } catch (error) {
    outcome(row, words.offline, "bad");
    say(words.offline);
    choose(row);
  } finally {
    busy = false;
    desk.removeAttribute("aria-busy");
  }
}

function done(row, data, label) {
  const act = { row, index: data.log_index, word: label, what: undoing ? "undo" : armed.value };
  desk.elements[`seen-${row.dataset.id}`].value = data.seen;
  if (undoing) {
    entered.splice(entered.indexOf(undoing), 1);
    row.classList.remove("entered");
  } else {
    if (words.undoable.includes(act.what)) entered.push(act);
    row.classList.add("entered");
  }
  const place = outcome(row, `${data.words} `, "good");
  if (!undoing && words.undoable.includes(act.what)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.undo });
    button.addEventListener("click", () => armUndo(act));
    place.append(button);
  }
  find("undo-last").disabled = !entered.length;
  const moving = !undoing;
  reason.value = other.value = "";
  disarm();
  choose(row);
  if (moving) move(1);
  say(data.words);
}

const KEYS = {
  j: () => move(1), k: () => move(-1),
  ArrowDown: null, ArrowUp: null,
  z: () => armUndo(entered.at(-1)),
  "?": () => find("keys-help").showModal(),
  s: () => find("split").click(),
};
for (const button of desk.querySelectorAll("button[data-key]")) KEYS[button.dataset.key] = () => arm(button);

const writing = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (find("keys-help").open) return;
  if (event.key === "Escape" && (armed || undoing)) {
    event.preventDefault();
    disarm();
    choose(chosen());
    return;
  }
  const inDesk = event.target === reason || event.target === other;
  if (event.key === "Enter" && inDesk && !event.shiftKey) {
    event.preventDefault();
    if (armed || undoing) submit();
    else { find("reason-help").textContent = words.choose_act; say(words.choose_act); }
    return;
  }
  if (event.key === "Enter" && event.target.matches("input[name=incident]")) {
    event.preventDefault();
    chosen().querySelector("h2 a").click();
    return;
  }
  if (writing(event.target) || !find("keys").checked) return;
  const does = KEYS[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
});
for (const field of [reason, other]) field.addEventListener("focus", () => open(true));
find("queue").addEventListener("focusin", () => { if (!armed && !undoing) open(false); });
// What the bar covers at the foot of the window is kept clear of the row that is chosen.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--bar", `${find("bar").offsetHeight}px`);
  if (find("bar").contains(document.activeElement)) chosen()?.scrollIntoView({ block: "nearest" });
}).observe(find("bar"));
desk.addEventListener("change", (event) => { if (event.target.name === "incident") choose(chosen(), false); });
desk.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.name !== "act") return;
  arm(button);
  if (reason.value.trim() && (!words.other.includes(button.value) || other.value.trim())) submit();
});
find("queue").addEventListener("click", (event) => {
  const row = event.target.closest(".case");
  if (row && !event.target.closest("a, button")) choose(row);
});
find("undo-last").addEventListener("click", () => armUndo(entered.at(-1)));
find("help").addEventListener("click", () => find("keys-help").showModal());
find("keys").addEventListener("change", (event) => localStorage.setItem(SWITCH, event.target.checked ? "on" : "off"));
find("keys").checked = localStorage.getItem(SWITCH) !== "off";
document.querySelector(".tools").hidden = false;
follow(find("live"));
desk.noValidate = true;
desk.classList.add("by-script");
choose(chosen() ?? cases()[0], false);
