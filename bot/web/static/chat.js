// Live updates must never take away what a person is doing: a message in which they type or stand
// is kept as it is until they leave it. Everything else works without this file.
(function () {
  "use strict";
  var waiting = new Map();

  function busy(element) {
    if (!element) return false;
    if (element.contains(document.activeElement)) return true;
    return Array.prototype.some.call(element.querySelectorAll("textarea"), function (field) {
      return field.value !== field.defaultValue;
    });
  }

  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    var target = event.detail.target;
    if (!target.classList.contains("message")) return;
    var fresh = event.detail.fragment.querySelector("li");
    waiting.delete(target.id);
    if (fresh && !fresh.hasAttribute("data-reply") && busy(target)) {
      waiting.set(target.id, fresh.cloneNode(true));
      event.detail.shouldSwap = false;
    }
  });

  document.addEventListener("focusout", function () {
    setTimeout(function () {
      waiting.forEach(function (fresh, id) {
        var old = document.getElementById(id);
        if (busy(old)) return;
        waiting.delete(id);
        if (!old) return;
        old.replaceWith(fresh);
        window.htmx.process(fresh);
      });
    }, 0);
  });

  function nearEnd() {
    return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 160;
  }
  // The newest message from its first line on: a long one is not entered at its end.
  function toNewest() {
    var newest = document.querySelector("#messages > li:last-child");
    if (newest) newest.scrollIntoView();
  }
  var followed = true;
  document.addEventListener("htmx:beforeSwap", function () { followed = nearEnd(); });
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    if (event.detail.target.id === "messages" && followed) toNewest();
  });

  var toastTimer;
  function toast(text) {
    var region = document.getElementById("toast");
    region.textContent = "";
    var line = document.createElement("p");
    line.textContent = text;
    region.append(line);
    fade();
  }
  function fade() {
    clearTimeout(toastTimer);
    toastTimer = setTimeout(function () {
      document.getElementById("toast").textContent = "";
    }, 8000);
  }
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    if (event.detail.target.id === "toast") fade();
  });
  function broken(event) {
    if (event.detail.requestConfig && event.detail.requestConfig.verb === "get") return;
    toast(document.getElementById("toast").dataset.broken);
  }
  document.addEventListener("htmx:responseError", broken);
  document.addEventListener("htmx:sendError", broken);

  if (document.querySelector("#toast p")) fade();
  if (!location.hash) toNewest();
})();
