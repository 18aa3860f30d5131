"use strict";
// What every page does: keep an operator's choices, and show times as the browser's clock has them.

function showTimes(root) {
  const language = document.documentElement.lang;
  const format = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  for (const element of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(element.dateTime);
    if (!Number.isNaN(moment.getTime())) {
      element.textContent = format.format(moment);
      element.title = element.dateTime;
    }
  }
}

for (const button of document.querySelectorAll("[data-choose]")) {
  button.addEventListener("click", () => {
    document.cookie = `${button.dataset.choose}=${button.dataset.value}; Path=/; Max-Age=31536000; SameSite=Strict`;
    // Not reload(): that would ask to send a form again.
    location.assign(location.pathname + location.search);
  });
}

document.addEventListener("htmx:after:swap", () => showTimes(document));
showTimes(document);
