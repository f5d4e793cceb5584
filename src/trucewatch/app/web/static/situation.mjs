// What scripts add to the situation: a map that moves, days to step through, news as they come.
// The page is whole without any of it.

import { follow } from "./live.mjs";
import { sparing, whenSeen } from "./slow.mjs";

const live = document.getElementById("live");
if (live) follow(live);

const canvas = document.getElementById("canvas");
if (canvas?.dataset.bounds) {
  const open = () => import("./map.mjs").then((map) => map.open(canvas));
  const button = document.getElementById("moving");
  if (sparing()) {
    button.hidden = false;
    button.querySelector("button").addEventListener("click", () => {
      button.hidden = true;
      open();
    });
  } else whenSeen(canvas, open);
  import("./days.mjs").then((days) => days.start(canvas));
}

const chart = document.getElementById("chart");
if (chart && !sparing()) whenSeen(chart, () => import("./trend.mjs").then((t) => t.draw(chart)));
