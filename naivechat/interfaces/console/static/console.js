"use strict";
// What every page does: keep an operator's choices, show times as the browser's clock has them, and where one is.

// The page's language as this browser's owner writes it: of English, the British or the American way of dates.
function ownLanguage() {
  const language = document.documentElement.lang;
  const isSame = (name) => name.split("-")[0] === language.split("-")[0];
  return navigator.languages.find(isSame) || language;
}

function showTimes(root) {
  const format = new Intl.DateTimeFormat(ownLanguage(), { dateStyle: "short", timeStyle: "medium" });
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

// On a phone the pages' names are a row that is wider than the screen.
const here = document.querySelector("nav [aria-current]");
if (here) here.scrollIntoView({ inline: "center", block: "nearest" });

// A page that refreshes itself, and is refused, does not take away a password that is shown only once.
document.addEventListener("htmx:before:swap", (event) => {
  const { request, target } = event.detail.ctx;
  const place = typeof target === "string" ? document.querySelector(target) : target;
  if (request.method === "GET" && place.id === "notice" && place.querySelector(".secret")) event.preventDefault();
});

document.addEventListener("htmx:after:swap", () => showTimes(document));
showTimes(document);
