// The trend as a chart that answers the pointer; its figures are those of the table below it.

import { dark, dressed, value } from "./slow.mjs";

const HIGH = 240;

/** The page's language, days before months as the page writes them. */
function spoken() {
  const { lang } = document.documentElement;
  return lang === "en" ? "en-GB" : lang;
}

/** Draws it over the picture that stands in `place`, which stays where that fails. */
export async function draw(place) {
  const rows = [...document.querySelectorAll("#trend-table tbody tr")].map((row) => row.dataset);
  if (rows.length < 2) return;
  const [{ default: Plot }] = await Promise.all([
    import(place.dataset.library), dressed(place.dataset.style),
  ]);
  const times = rows.map((row) => Date.parse(`${row.day}T12:00:00Z`) / 1000);
  const column = (name) => rows.map((row) => Number(row[name]));
  const half = 43200;
  const words = new Intl.DateTimeFormat(spoken(), {
    day: "numeric", month: "short", timeZone: "UTC",
  });
  const one = new Intl.NumberFormat(spoken(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const said = (time) => (time === null ? "–" : words.format(new Date(time * 1000)));

  const shade = (plot) => {
    const pen = plot.ctx;
    const { top, height } = plot.bbox;
    pen.save();
    rows.forEach((row, at) => {
      const left = plot.valToPos(times[at] - half, "x", true);
      const right = plot.valToPos(times[at] + half, "x", true);
      const share = Number(row.truce);
      if (share > 0) {
        const follows = at > 0 && Number(rows[at - 1].truce) > 0;
        const wide = (right - left) * share;
        pen.fillStyle = value("--truce");
        pen.fillRect(follows ? left : right - wide, top, wide, height);
      }
      if (Number(row.dark)) {
        pen.strokeStyle = value("--hatch");
        pen.lineWidth = 1;
        pen.save();
        pen.beginPath();
        pen.rect(left, top, right - left, height);
        pen.clip();
        pen.beginPath();
        for (let x = left - height; x < right; x += 9) {
          pen.moveTo(x, top + height);
          pen.lineTo(x + height, top);
        }
        pen.stroke();
        pen.restore();
      }
    });
    pen.restore();
  };
  const axis = () => ({
    stroke: value("--soft"),
    grid: { stroke: value("--rule"), width: 1 },
    ticks: { stroke: value("--line"), width: 1 },
    font: "12px sans-serif",
  });
  const bars = Plot.paths.bars({ size: [0.72, 60] });
  let plot = null;
  const make = () => {
    plot?.destroy();
    plot = new Plot(
      {
        width: place.clientWidth,
        height: HIGH,
        tzDate: (time) => Plot.tzDate(new Date(time * 1e3), "Etc/UTC"),
        scales: { x: { time: true, range: () => [times[0] - half, times.at(-1) + half] }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] } },
        cursor: { drag: { x: true, y: false } },
        series: [
          { label: place.dataset.day, value: (_, time) => said(time) },
          { label: place.dataset.expected, paths: bars, stroke: value("--firm"), width: 0.6, fill: value("--expected"), points: { show: false }, value: (_, x) => (x === null ? "–" : one.format(x)) },
          { label: place.dataset.firm, paths: bars, fill: value("--firm"), points: { show: false } },
        ],
        axes: [
          { ...axis(), grid: { show: false }, values: (_, marks) => marks.map(said) },
          { ...axis(), size: 40 },
        ],
        hooks: { drawClear: [shade] },
      },
      [times, column("expected"), column("firm")],
      place,
    );
  };
  const still = place.querySelector("svg.chart");
  if (still) still.style.display = "none";
  make();
  dark.addEventListener("change", make);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HIGH })).observe(place);
}
