"use strict";
// The overview: told of every change by the node, it puts in what is new and draws the last hour.

const overview = document.getElementById("overview");
const place = document.getElementById("chart");
const live = document.getElementById("live");
const MOST_POINTS = 720;
let columns = { time: [], messages: [], delivery: [] };
let chart = null;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawChart() {
  if (chart) chart.destroy();
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const language = ownLanguage();
  const minutes = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const seconds = new Intl.DateTimeFormat(language, { minute: "2-digit", second: "2-digit" });
  const named = (_, moments) => {
    const format = moments.length > 1 && moments[1] - moments[0] < 60 ? seconds : minutes;
    return moments.map((moment) => format.format(moment * 1000));
  };
  chart = new uPlot({
    width: place.clientWidth,
    height: place.clientHeight,
    legend: { show: false },
    cursor: { drag: { setScale: false } },
    scales: {
      messages: { range: (_, least, most) => [0, Math.max(most || 0, 1) * 1.1] },
      delivery: { range: (_, least, most) => [0, Math.max(most || 0, 1) * 1.1] },
    },
    axes: [
      { ...axis, values: named },
      { ...axis, scale: "messages" },
      { ...axis, scale: "delivery", side: 1, grid: { show: false } },
    ],
    series: [
      {},
      { label: place.dataset.messages, scale: "messages", stroke: colour("--chart-1"), width: 1.5, fill: colour("--chart-1") + "1c", points: { show: false } },
      { label: place.dataset.delivery, scale: "delivery", stroke: colour("--chart-2"), width: 1.5, spanGaps: true, points: { show: false } },
    ],
  }, data(), place);
}

function data() {
  return [columns.time, columns.messages, columns.delivery];
}

function addPoint(point) {
  if (!chart || point.time[0] <= columns.time[columns.time.length - 1]) return;
  for (const name of Object.keys(columns)) {
    columns[name].push(point[name][0]);
    if (columns[name].length > MOST_POINTS) columns[name].shift();
  }
  chart.setData(data());
}

function putIn(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  showTimes(fresh.content);
  for (const part of fresh.content.querySelectorAll("[data-part]")) {
    const old = overview.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old.innerHTML !== part.innerHTML) old.innerHTML = part.innerHTML;
  }
}

function say(isOn) {
  live.dataset.state = isOn ? "on" : "away";
  live.textContent = isOn ? live.dataset.on : live.dataset.off;
}

async function begin() {
  const answer = await fetch("/console/history");
  if (answer.ok) columns = await answer.json();
  drawChart();
}

const source = new EventSource("/console/live");
source.addEventListener("open", () => { say(true); begin(); });
source.addEventListener("parts", (event) => putIn(event.data));
source.addEventListener("point", (event) => addPoint(JSON.parse(event.data)));
source.addEventListener("error", () => {
  say(false);
  // Refused, not broken off: the session is over, or there are too many pages open.
  if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
new ResizeObserver(() => { if (chart) chart.setSize({ width: place.clientWidth, height: place.clientHeight }); }).observe(place);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (chart) drawChart(); });
