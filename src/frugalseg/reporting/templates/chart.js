"use strict";
// Draws the score over what the labels cost, from the numbers in #chart-data.
(() => {
  const place = document.getElementById("chart");
  if (!place) return;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const symbols = {
    "o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "v": "triangle-down",
    "P": "cross", "X": "x", "p": "pentagon", "<": "triangle-left", ">": "triangle-right",
    "h": "hexagon", "d": "diamond-tall", "*": "star",
  };
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  // The library reads a little HTML in its texts; a name is never that.
  const plain = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const number = (value, digits = 3) => value === null ? "–" : value.toFixed(digits);
  const amount = (value) => value.toLocaleString("en", { maximumSignificantDigits: 4 });
  const dash = (line) => line.dash === "-" ? "solid" : line.dash.map((part) => `${part * 1.6}px`).join(",");

  const state = () => ({
    axis: data.axes[Number(document.querySelector("[name=chart-axis]:checked").value)],
    layers: new Set(all("[data-layer]:checked").map((box) => box.dataset.layer)),
    arms: new Set(all("[data-arm]:checked").map((box) => box.dataset.arm)),
  });

  const hoverText = (line, point, axis) => [
    `${plain(line.arm)}, round ${point.round}`,
    `${plain(data.metric)} ${number(point.mean)}` +
      (point.ci_low === null ? "" : ` [${number(point.ci_low)}, ${number(point.ci_high)}]`),
    `${amount(point.x)} ${plain(axis.label)}`,
  ].join("<br>");

  const marks = (line, axis, layers) => ({
    x: line.points.map((point) => point.place),
    y: line.points.map((point) => point.mean),
    text: line.points.map((point) => hoverText(line, point, axis)),
    name: plain(line.arm),
    hovertemplate: "%{text}<extra></extra>",
    mode: "markers", cliponaxis: false,
    marker: {
      color: color(line.color), symbol: symbols[line.marker], size: 10,
      line: { color: color("paper"), width: 1 },
    },
    error_y: {
      visible: layers.has("intervals"), type: "data", symmetric: false, width: 0, thickness: 1.8,
      array: line.points.map((point) => point.ci_high === null ? 0 : point.ci_high - point.mean),
      arrayminus: line.points.map((point) => point.ci_low === null ? 0 : point.mean - point.ci_low),
      color: color(line.color),
    },
  });

  // A line comes from the last mark of the arm whose labels it goes on with.
  const path = (line, axis) => {
    const start = axis.lines.find((other) => other.arm === line.start);
    const points = [...(start ? start.points.slice(-1) : []), ...line.points];
    return {
      x: points.map((point) => point.place), y: points.map((point) => point.mean),
      mode: "lines", hoverinfo: "skip", line: { color: color(line.color), width: 1.8, dash: dash(line) },
    };
  };

  const seeds = (line) => ({
    x: line.seeds.map((seed) => seed.place), y: line.seeds.map((seed) => seed.value),
    text: line.seeds.map((seed) => `${plain(line.arm)}, round ${seed.round}, seed ${seed.seed}: ${number(seed.value)}`),
    name: plain(`${line.arm}, seeds`),
    hovertemplate: "%{text}<extra></extra>",
    mode: "markers", marker: { color: color(line.color), size: 5, opacity: 0.45 },
  });

  const published = (entries) => entries.map((entry) => ({
    x: [entry.x], y: [entry.value], mode: "markers", name: plain(entry.text),
    text: [`Published: ${number(entry.value)}<br>${plain(entry.text)}`],
    hovertemplate: "%{text}<extra></extra>",
    marker: { color: color(entry.color), symbol: "diamond-open", size: 13, line: { width: 2.4 } },
  }));

  const bands = (lines, layers) => lines.flatMap((line) => {
    const across = { xref: "paper", x0: 0, x1: 1, layer: "below" };
    const point = line.points[0];
    const band = point.ci_low === null || !layers.has("intervals") ? [] : [{
      ...across, type: "rect", y0: point.ci_low, y1: point.ci_high,
      fillcolor: color(line.color), opacity: 0.13, line: { width: 0 },
    }];
    const ticks = layers.has("seeds") ? line.seeds.map((seed) => ({
      type: "line", xref: "paper", x0: 0.98, x1: 1, y0: seed.value, y1: seed.value,
      line: { color: color(line.color), width: 1 },
    })) : [];
    const mean = { ...across, type: "line", y0: point.mean, y1: point.mean, line: { color: color(line.color), width: 1.6 } };
    return [...band, ...ticks, mean];
  });

  const named = (lines) => lines.map((line) => ({
    xref: "paper", x: 0.005, y: line.points[0].mean, xanchor: "left", yanchor: "bottom", showarrow: false,
    text: `${plain(line.arm)} ${number(line.points[0].mean)}`, font: { color: color("ink"), size: 12 },
  }));

  // Differences too small to matter must not fill the chart.
  const height = (lines, layers) => {
    const values = lines.flatMap((line) => [
      ...line.points.flatMap((point) => layers.has("intervals") ? [point.mean, point.ci_low, point.ci_high] : [point.mean]),
      ...(layers.has("seeds") ? line.seeds.map((seed) => seed.value) : []),
    ]).filter((value) => value !== null);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (!values.length || high - low >= data.least) return { autorange: true };
    return { autorange: false, range: [(low + high - data.least) / 2, (low + high + data.least) / 2] };
  };

  // The page can be read before its chart is drawn: the library is text until then.
  const start = () => {
    const library = document.createElement("script");
    library.textContent = document.getElementById("chart-library").textContent;
    document.head.append(library);
    draw();
  };

  const draw = () => {
    if (!window.Plotly) return;
    const { axis, layers, arms } = state();
    const shown = axis.lines.filter((line) => arms.has(line.arm));
    const full = shown.filter((line) => line.full);
    const budgets = shown.filter((line) => !line.full);
    const traces = [
      ...budgets.map((line) => path(line, axis)),
      ...(layers.has("seeds") ? budgets.map(seeds) : []),
      ...budgets.map((line) => marks(line, axis, layers)),
      ...(layers.has("published") ? published(axis.published) : []),
    ];
    const grid = { gridcolor: color("line"), linecolor: color("muted"), zeroline: false, ticks: "outside", tickcolor: color("muted") };
    const layout = {
      autosize: true, height: place.clientWidth < 520 ? 340 : 460, showlegend: false,
      hovermode: "closest", dragmode: "zoom", margin: { l: 58, r: 12, t: 12, b: 52 },
      paper_bgcolor: color("paper"), plot_bgcolor: color("paper"),
      font: { color: color("ink"), family: getComputedStyle(document.body).fontFamily, size: 13 },
      hoverlabel: { bgcolor: color("panel"), bordercolor: color("line"), font: { color: color("ink") }, align: "left" },
      xaxis: { ...grid, title: { text: plain(axis.label) }, range: [-0.02 * axis.limit, axis.limit] },
      yaxis: { ...grid, title: { text: plain(data.metric) }, automargin: true, ...height(shown, layers) },
      shapes: bands(full, layers), annotations: named(full), uirevision: axis.key,
    };
    document.getElementById("chart-note").textContent = axis.note;
    Plotly.react(place, traces, layout, {
      responsive: true, displaylogo: false, displayModeBar: false, scrollZoom: false,
    });
  };

  for (const still of all("details.still")) still.open = false;
  for (const input of all("#chart-tool input")) input.addEventListener("change", draw);
  const every = document.getElementById("chart-all");
  every.addEventListener("click", () => {
    const on = every.getAttribute("aria-pressed") !== "true";
    every.setAttribute("aria-pressed", String(on));
    for (const box of all("[data-arm]")) box.checked = on;
    draw();
  });
  addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("load", () => setTimeout(start));
})();
