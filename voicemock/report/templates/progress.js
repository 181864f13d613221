"use strict";
// The page is complete without this script: it draws what the tables say.

const shown = {
  s: clock,
  share: (value) => `${Math.round(value * 100)}%`,
};

function datasets(data) {
  const color = colors();
  const { weeks } = data;
  const bounds = [weeks[0].day - 3, weeks[weeks.length - 1].day + 3];
  const edge = (value, fill) => ({
    data: bounds.map((day) => ({ x: day, y: value })), pointRadius: 0, pointHitRadius: 0, borderWidth: 1, borderDash: [4, 4],
    borderColor: color("quiet"), backgroundColor: color("band"), fill,
  });
  const goal = [];
  if (data.high !== null) goal.push(edge(data.high, data.low === null ? "start" : "+1"));
  if (data.low !== null) goal.push(edge(data.low, data.high === null ? "end" : false));
  return [
    {
      data: weeks.map((week) => ({ ...week, x: week.day, y: week.value })),
      borderColor: color("accent"), borderWidth: 2, pointRadius: 4, pointHoverRadius: 6, pointBorderColor: color("accent"),
      pointBackgroundColor: weeks.map((week) => color(week.few ? "card" : "accent")),
    },
    ...goal,
  ];
}

function scales(data) {
  const color = colors();
  const ends = [data.low, data.high, ...data.weeks.map((week) => week.value)].filter((value) => value !== null);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = (high - low || Math.abs(high) || 1) * 0.15;
  const ticks = { color: color("quiet"), font: { size: 11 }, maxRotation: 0 };
  const labels = new Map(data.weeks.map((week) => [week.day, week.label]));
  return {
    x: {
      type: "linear", min: data.weeks[0].day - 3, max: data.weeks[data.weeks.length - 1].day + 3, grid: { display: false },
      afterBuildTicks: (axis) => { axis.ticks = data.weeks.map((week) => ({ value: week.day })); },
      ticks: { ...ticks, autoSkip: true, autoSkipPadding: 12, callback: (day) => labels.get(day) },
    },
    y: {
      min: Math.max(0, low - room), max: high + room, grid: { color: color("grid") },
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
            title: (items) => items.map((item) => `Week from ${item.raw.label}`),
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

const redraws = [...document.querySelectorAll(".trend")]
  .filter((trend) => trend.querySelector("canvas"))
  .map((trend) => draw(trend.querySelector("canvas"), JSON.parse(trend.querySelector("script.data").textContent)));
whenLooksChange(() => redraws.forEach((redraw) => redraw()));
