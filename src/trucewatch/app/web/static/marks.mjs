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
const STEP = 17;
const HIGH = 30;

/** The picture of some states with their numbers, at the density of the screen. */
export function picture(counts) {
  const here = STATES.filter((state) => counts[state] > 0);
  const ratio = Math.min(3, Math.ceil(devicePixelRatio || 1));
  const wide = STEP * (here.length - 1) + 44;
  const board = document.createElement("canvas");
  board.width = wide * ratio;
  board.height = HIGH * ratio;
  const pen = board.getContext("2d");
  pen.scale(ratio, ratio);
  here.forEach((state, at) => {
    pen.save();
    pen.translate(22 + at * STEP, HIGH / 2 + 2);
    const path = new Path2D(SHAPES[state]);
    pen.lineWidth = 4.5;
    pen.strokeStyle = value("--card");
    pen.stroke(path);
    pen.lineWidth = 1.8;
    pen.strokeStyle = value(state === "other" ? "--other" : "--mark-line");
    if (state !== "other") {
      pen.fillStyle = value(`--${state}`);
      pen.fill(path);
    }
    pen.stroke(path);
    if (counts[state] > 1) {
      const words = counts[state] > 999 ? `${Math.round(counts[state] / 1000)}k` : `${counts[state]}`;
      pen.font = "700 11px sans-serif";
      pen.lineWidth = 3.5;
      pen.strokeStyle = value("--card");
      pen.strokeText(words, 6, -5);
      pen.fillStyle = value("--ink");
      pen.fillText(words, 6, -5);
    }
    pen.restore();
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
