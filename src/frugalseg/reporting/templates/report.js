"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Switches: radio buttons that show one panel of a group.
  for (const input of all("input[data-show]")) {
    input.addEventListener("change", () => {
      for (const panel of all(`[data-panel="${input.name}"]`)) {
        panel.classList.toggle("on", panel.dataset.key === input.dataset.show);
      }
    });
  }

  // Tables sort by the value of a cell, not by its text; what is missing stays last.
  const compare = (column, numeric, sign) => (one, other) => {
    const a = one.children[column].dataset.sort;
    const b = other.children[column].dataset.sort;
    if (a === "" || b === "") return (a === "") - (b === "");
    return sign * (numeric ? Number(a) - Number(b) : a.localeCompare(b));
  };
  for (const button of all("thead button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const ascending = head.getAttribute("aria-sort") !== "ascending";
      for (const other of all("th", head.parentElement)) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      const body = head.closest("table").tBodies[0];
      const order = compare(head.cellIndex, head.classList.contains("num"), ascending ? 1 : -1);
      body.append(...[...body.rows].sort(order));
    });
  }

  // Copying goes through a text area where the clipboard is closed to pages from disk.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  for (const button of all("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      const rows = source.tagName === "TABLE"
        ? all("tr", source).map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join("\t"))
        : [source.innerText];
      await copy(rows.join("\n"));
      const label = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }

  // Arms that the main figure draws in gray: a button gives one its color and says what it reached.
  const note = document.getElementById("other-note");
  for (const button of all("button[data-other]")) {
    const number = button.dataset.other;
    const groups = all(`[id$="-line-${number}"], [id$="-mark-${number}"]`);
    const color = button.style.getPropertyValue("--own");
    const tell = () => { note.textContent = button.dataset.note; };
    for (const group of groups) {
      group.style.setProperty("--own", color);
      group.addEventListener("pointerenter", tell);
    }
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      for (const group of groups) group.classList.toggle("on", on);
      tell();
    });
  }

  // On paper nothing can be opened.
  addEventListener("beforeprint", () => { for (const part of all("details")) part.open = true; });

  // Light or dark: the system's, unless chosen here.
  const toggle = document.getElementById("theme");
  toggle?.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    dispatchEvent(new Event("themechange"));
  });
})();
