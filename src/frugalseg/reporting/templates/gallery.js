"use strict";
// Shows the test images with the arms' predictions on them, from #gallery-data.
addEventListener("load", () => {
  const tool = document.getElementById("gallery");
  if (!tool) return;
  const data = JSON.parse(document.getElementById("gallery-data").textContent);
  const paint = maskPainter(data);
  const PER_PAGE = 4;
  const by = (id) => document.getElementById(id);
  const chosen = (name) => tool.querySelector(`[name="${name}"]:checked`).value;
  const ticked = (id) => Boolean(by(id)?.checked);
  let first = 0;

  const make = (tag, className = "", text = "") => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  const dice = ([right, missed, extra]) => right + missed + extra ? 2 * right / (2 * right + missed + extra) : null;
  const note = (counts) => {
    if (!counts) return "not predicted";
    const value = dice(counts);
    if (value === null) return "correctly empty";
    return counts[0] + counts[1] ? `Dice ${value.toFixed(2)}` : "false alarm";
  };
  const describe = (image, k) => {
    const { arm, round } = data.cells[k];
    const counts = image.counts[k];
    return counts
      ? `${arm} on ${image.id}, round ${round}: ${counts[0]} defect pixels found, ${counts[1]} missed, ${counts[2]} falsely found`
      : `${arm} has no prediction of ${image.id}`;
  };

  // The pictures of an image are in the page, or come from a script beside it that passes them on.
  const arriving = new Map();
  const callbacks = new Map();
  window.frugalsegGallery = (number, pictures) => callbacks.get(number)(pictures);
  const fetched = (number) => new Promise((resolve, reject) => {
    callbacks.set(number, resolve);
    const script = make("script");
    script.src = `${data.folder}/${String(number).padStart(4, "0")}.js`;
    script.addEventListener("error", () => reject(new Error(script.src)));
    document.head.append(script);
  });
  const picturesOf = (number) => {
    if (!arriving.has(number)) {
      arriving.set(number, data.folder ? fetched(number) : Promise.resolve(data.pictures[number]));
    }
    return arriving.get(number);
  };

  // A frame is there at once and filled when its pictures are.
  const requests = new WeakMap();
  const fill = (frame, number, layers, ...more) => {
    const order = {};
    requests.set(frame, order);
    return picturesOf(number).then((pictures) => {
      if (requests.get(frame) !== order) return; // the frame shows something else by now
      frame.style.backgroundImage = `url("data:image/jpeg;base64,${pictures.photo}")`;
      frame.replaceChildren(...layers.map(([view, k]) => paint(pictures, view, k)), ...more);
    }, () => {
      frame.textContent = `This picture lies in the folder “${data.folder}” beside the page, which is not there.`;
    });
  };
  const photo = (number, words, ...layers) => {
    const frame = make("div", "photo");
    frame.setAttribute("role", "img");
    frame.setAttribute("aria-label", words);
    fill(frame, number, layers);
    return frame;
  };
  // A long name may break after an underscore.
  const breakable = (name) => name.split("_").flatMap((part, k) => k ? ["_", make("wbr"), part] : [part]);
  const labeled = (frame, cell, name, remark) => {
    const box = make("div");
    const label = make("p", "label");
    if (cell) {
      const mark = make("span", "key", cell.glyph);
      mark.style.color = `var(--${cell.color})`;
      mark.setAttribute("aria-hidden", "true");
      label.append(mark);
    }
    label.append(...breakable(name), " ", make("span", "muted", remark));
    box.append(frame, label);
    return box;
  };

  const shownCells = () => data.cells.map((cell, k) => k).filter((k) => ticked("gallery-rounds") || data.cells[k].last);

  const strip = (number) => {
    const image = data.images[number];
    const view = chosen("gallery-view");
    const outer = make("div", "strip");
    const head = make("h3", "", image.id);
    const compare = make("button", "small", "Compare two arms");
    compare.type = "button";
    compare.setAttribute("aria-label", `Compare two arms on ${image.id}`);
    compare.addEventListener("click", () => {
      by("compare-image").value = String(number);
      compareNow();
      by("compare-title").scrollIntoView();
      by("compare-slide").focus({ preventScroll: true });
    });
    const top = make("div", "strip-head");
    top.append(head, compare);
    const cells = shownCells();
    const row = make("div", "row");
    row.style.setProperty("--n", String(cells.length + 2));
    row.append(
      labeled(photo(number, `Test image ${image.id}`), null, "image", ""),
      labeled(photo(number, `${image.id}, true mask outlined`, ["truth", 0]), null, "truth", ""),
      ...cells.map((k) => {
        const cell = data.cells[k];
        const layers = [[view, k]];
        if (ticked("gallery-truth")) layers.push(["truth", 0]);
        const remark = note(image.counts[k]) + (ticked("gallery-rounds") ? `, round ${cell.round}` : "");
        return labeled(photo(number, describe(image, k), ...layers), cell, cell.arm, remark);
      }),
    );
    outer.append(top, row);
    return outer;
  };

  const filters = {
    all: () => true,
    with: (number) => data.images[number].defect,
    without: (number) => !data.images[number].defect,
  };
  const show = () => {
    const order = data.orders[chosen("gallery-order")].filter(filters[chosen("gallery-only")]);
    first = Math.max(0, Math.min(first, order.length - 1));
    const page = order.slice(first, first + PER_PAGE);
    by("gallery-rows").replaceChildren(...page.map(strip));
    by("gallery-status").textContent = page.length ? `${first + 1}–${first + page.length} of ${order.length}` : "None";
    by("gallery-back").disabled = first === 0;
    by("gallery-on").disabled = first + PER_PAGE >= order.length;
  };
  const resize = () => by("gallery-rows").style.setProperty("--chosen", `${by("gallery-size").value}px`);

  const compareNow = () => {
    const number = Number(by("compare-image").value);
    const image = data.images[number];
    const view = chosen("gallery-view");
    const stage = by("compare-stage");
    const sides = ["a", "b"].map((side) => Number(by(`compare-${side}`).value));
    const layers = sides.map((k) => [view, k]);
    if (ticked("gallery-truth")) layers.push(["truth", 0]);
    stage.setAttribute("aria-label", `Left: ${describe(image, sides[0])}. Right: ${describe(image, sides[1])}.`);
    fill(stage, number, layers, make("span", "divider")).then(slide);
    const words = sides.map((k) => `${data.cells[k].arm}: ${note(image.counts[k])}`);
    by("compare-left").textContent = `◀ ${words[0]}`;
    by("compare-right").textContent = `${words[1]} ▶`;
  };
  const slide = () => {
    const at = Number(by("compare-slide").value);
    const [left, right] = by("compare-stage").querySelectorAll(".layer");
    if (!right) return;
    left.style.clipPath = `inset(0 ${100 - at}% 0 0)`;
    right.style.clipPath = `inset(0 0 0 ${at}%)`;
    by("compare-stage").lastElementChild.style.left = `${at}%`;
  };

  const option = (text, value) => {
    const item = make("option", "", text);
    item.value = String(value);
    return item;
  };
  const several = (arm) => data.cells.filter((cell) => cell.arm === arm).length > 1;
  for (const number of data.orders.worst) by("compare-image").append(option(data.images[number].id, number));
  data.cells.forEach((cell, k) => {
    const text = cell.arm + (several(cell.arm) ? `, round ${cell.round}` : "");
    for (const side of ["a", "b"]) by(`compare-${side}`).append(option(text, k));
  });
  const last = data.cells.map((cell, k) => k).filter((k) => data.cells[k].last);
  by("compare-a").value = String(last[0]);
  by("compare-b").value = String(last[last.length - 1]);

  for (const input of tool.querySelectorAll("[name=gallery-order]")) {
    input.addEventListener("change", () => {
      first = 0;
      by("gallery-order-note").textContent = input.parentElement.title;
      show();
    });
  }
  for (const input of tool.querySelectorAll("[name=gallery-only]")) {
    input.addEventListener("change", () => { first = 0; show(); });
  }
  for (const input of tool.querySelectorAll("[name=gallery-view], #gallery-truth")) {
    input.addEventListener("change", () => { show(); compareNow(); });
  }
  by("gallery-rounds")?.addEventListener("change", show);
  by("gallery-size").addEventListener("input", resize);
  by("gallery-back").addEventListener("click", () => { first -= PER_PAGE; show(); });
  by("gallery-on").addEventListener("click", () => { first += PER_PAGE; show(); });
  for (const id of ["compare-image", "compare-a", "compare-b"]) by(id).addEventListener("change", compareNow);
  by("compare-slide").addEventListener("input", slide);
  show();
  compareNow();
});
