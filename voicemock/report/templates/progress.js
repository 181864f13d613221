"use strict";
// The page is complete without this script: it draws what the tables say.

const shown = {
  s: clock,
  share: (value) => `${Math.round(value * 100)}%`,
};

function edges(data) {
  const { points, margin } = data;
  return [points[0].x - margin, points[points.length - 1].x + margin];
}

function datasets(data) {
  const color = colors();
  const { points } = data;
  const bounds = edges(data);
  const edge = (value, fill) => ({
    data: bounds.map((x) => ({ x, y: value })), pointRadius: 0, pointHitRadius: 0, borderWidth: 1, borderDash: [4, 4],
    borderColor: color("quiet"), backgroundColor: color("band"), fill,
  });
  const goal = [];
  if (data.high !== null) goal.push(edge(data.high, data.low === null ? "start" : "+1"));
  if (data.low !== null) goal.push(edge(data.low, data.high === null ? "end" : false));
  return [
    {
      data: points.map((point) => ({ ...point, y: point.value })),
      borderColor: color("accent"), borderWidth: 2, pointRadius: 4, pointHoverRadius: 6, pointBorderColor: color("accent"),
      pointBackgroundColor: points.map((point) => color(point.few ? "card" : "accent")),
    },
    ...goal,
  ];
}

function scales(data) {
  const color = colors();
  const ends = [data.low, data.high, ...data.points.map((point) => point.value)].filter((value) => value !== null);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = (high - low || Math.abs(high) || 1) * 0.15;
  const ticks = { color: color("quiet"), font: { size: 11 }, maxRotation: 0 };
  const labels = new Map(data.points.map((point) => [point.x, point.label]));
  return {
    x: {
      type: "linear", min: edges(data)[0], max: edges(data)[1], grid: { display: false },
      afterBuildTicks: (axis) => { axis.ticks = data.points.map((point) => ({ value: point.x })); },
      ticks: { ...ticks, autoSkip: true, autoSkipPadding: 12, callback: (x) => labels.get(x) },
    },
    y: {
      min: low < 0 ? low - room : Math.max(0, low - room), max: high + room, grid: { color: color("grid") },
      ticks: { ...ticks, maxTicksLimit: 5, includeBounds: false, ...(shown[data.unit] && { callback: shown[data.unit] }) },
    },
  };
}

function draw(canvas, data) {
  const chart = new Chart(canvas, {
    type: "line",
    data: { datasets: datasets(data) },
    options: {
      animation: false, maintainAspectRatio: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: scales(data),
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          filter: (item) => item.datasetIndex === 0,
          callbacks: {
            title: (items) => items.map((item) => item.raw.title),
            label: (item) => `${item.raw.text}, ${item.raw.answers} answer${item.raw.answers === 1 ? "" : "s"}`,
          },
        },
      },
    },
  });
  return () => {
    chart.data.datasets = datasets(data);
    chart.options.scales = scales(data);
    chart.resize();
    chart.update("none");
  };
}

const redraws = [...document.querySelectorAll(".trend canvas")].map((canvas) => draw(canvas, JSON.parse(canvas.dataset.drawn)));
whenLooksChange(() => redraws.forEach((redraw) => redraw()));
