// The marks of the states, drawn as the page draws them: by shape first, then by colour.

import { value } from "./slow.mjs";

const SHAPES = {
  verified: "M-6-6h12v12h-12z",
  corroborated: "M0-7.5 7 5H-7z",
  reported: "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
  allegation: "M0-7.5 7.5 0 0 7.5-7.5 0z",
  other: "M-5-5 5 5M-5 5 5-5",
};
export const STATES = ["verified", "corroborated", "reported", "allegation", "other"];
const [HIGH, SHAPE, APART, EDGE, ROOM] = [18, 15, 3, 3.5, 4];
const FONT = "700 11px sans-serif";
const told = (count) => (count > 9999 ? `${Math.round(count / 1000)}k` : `${count}`);

/** The picture of some states with their numbers beside them, at the density of the screen. */
export function picture(counts) {
  const here = STATES.filter((state) => counts[state] > 0);
  const ratio = Math.min(3, Math.ceil(devicePixelRatio || 1));
  const board = document.createElement("canvas");
  let pen = board.getContext("2d");
  pen.font = FONT;
  const steps = here.map((state) =>
    SHAPE + APART + (counts[state] > 1 ? Math.ceil(pen.measureText(told(counts[state])).width) : 0));
  const wide = steps.reduce((sum, step) => sum + step, 2 * EDGE - APART);
  board.width = (wide + ROOM) * ratio;
  board.height = (HIGH + ROOM) * ratio;
  pen = board.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = FONT;
  if (here.length > 1 || counts[here[0]] > 1) {
    pen.beginPath();
    pen.roundRect(ROOM / 2, ROOM / 2, wide, HIGH, HIGH / 2);
    pen.fillStyle = value("--card");
    pen.fill();
    pen.lineWidth = 0.8;
    pen.strokeStyle = value("--border");
    pen.stroke();
  }
  let x = ROOM / 2 + EDGE + SHAPE / 2;
  here.forEach((state, at) => {
    pen.save();
    pen.translate(x, (HIGH + ROOM) / 2);
    const path = new Path2D(SHAPES[state]);
    pen.lineWidth = 1.8;
    pen.strokeStyle = value(state === "other" ? "--other" : "--mark-line");
    if (state !== "other") {
      pen.fillStyle = value(`--${state}`);
      pen.fill(path);
    }
    pen.stroke(path);
    if (counts[state] > 1) {
      pen.fillStyle = value("--ink");
      pen.fillText(told(counts[state]), SHAPE / 2 + 1.5, 4);
    }
    pen.restore();
    x += steps[at];
  });
  return { image: pen.getImageData(0, 0, board.width, board.height), ratio };
}

/** A pattern of slanting lines that meets itself at every edge. */
export function hatching(size) {
  const board = document.createElement("canvas");
  board.width = board.height = size;
  const pen = board.getContext("2d");
  pen.strokeStyle = value("--hatch");
  pen.lineWidth = 1.3;
  pen.globalAlpha = 0.75;
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 2, size + 2);
    pen.lineTo(shift + size + 2, -2);
  }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}
