"use strict";
// Draws masks, their errors and probabilities from small gray pictures in base64.
const maskPainter = (data) => {
  const { width, height, levels, colors } = data;
  const UNLABELED = 255;

  const decoded = async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    // A value is a gray: any of its three channels.
    return context.getImageData(0, 0, width, height).data.filter((_, k) => k % 4 === 0);
  };

  // A map is decoded once, however often it is looked at.
  const cache = new WeakMap();
  const map = (holder, name) => {
    if (!cache.has(holder)) cache.set(holder, {});
    return cache.get(holder)[name] ??= decoded(holder[name]);
  };

  const [hit, missed, wrong, unsure] = [colors.hit, colors.missed, colors.false, colors.unsure];
  const [clear, opaque] = [0, 1];
  // Color and opacity as a canvas holds them: RGBA, the red channel in the lowest byte.
  const rgba = ([red, green, blue], alpha) => (Math.round(255 * alpha) << 24 | blue << 16 | green << 8 | red) >>> 0;
  const scale = (color, alphaOf) => Array.from({ length: levels }, (_, k) => rgba(color, alphaOf(k / (levels - 1))));
  const entropy = (p) => p <= 0 || p >= 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p));
  const paints = {
    hit: rgba(hit, .75), missed: rgba(missed, .78), wrong: rgba(wrong, .75), outline: rgba(missed, opaque),
    probability: scale(wrong, (p) => .8 * p), uncertainty: scale(unsure, (p) => .85 * entropy(p)),
  };
  const error = (truth, pred) => {
    if (truth === UNLABELED) return clear;
    if (truth > 0) return truth === pred ? paints.hit : paints.missed;
    return pred > 0 ? paints.wrong : clear;
  };

  // The inside of every border, as many pixels wide as are seen when the picture is shrunk.
  const thick = Math.max(1, Math.round(Math.max(width, height) / 320));
  const onBorder = (truth, k) => {
    const klass = truth[k];
    if (klass === 0 || klass === UNLABELED) return false;
    const [x, y] = [k % width, Math.floor(k / width)];
    const other = (left, top) => left >= 0 && top >= 0 && left < width && top < height
      && truth[top * width + left] !== klass;
    return other(x - thick, y) || other(x + thick, y) || other(x, y - thick) || other(x, y + thick);
  };

  // For every view: the maps it needs, and the color of pixel k.
  const views = {
    errors: [["pred", "truth"], ([pred, truth]) => (k) => error(truth[k], pred[k])],
    prediction: [["pred"], ([pred]) => (k) => pred[k] ? paints.hit : clear],
    probability: [["prob"], ([prob]) => (k) => paints.probability[prob[k]]],
    uncertainty: [["prob"], ([prob]) => (k) => paints.uncertainty[prob[k]]],
    truth: [["truth"], ([truth]) => (k) => onBorder(truth, k) ? paints.outline : clear],
  };
  const painted = (canvas, colorOf) => {
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let k = 0; k < pixels.length; k += 1) pixels[k] = colorOf(k);
    context.putImageData(image, 0, 0);
  };

  // Returns a canvas at once and fills it as soon as the maps are read.
  return (pictures, view, place) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height, canvas.className] = [width, height, "layer"];
    canvas.setAttribute("aria-hidden", "true");
    const [needed, colorOf] = views[view];
    const prediction = pictures.predictions[place];
    if (prediction || view === "truth") {
      Promise.all(needed.map((name) => map(name === "truth" ? pictures : prediction, name))).then((maps) => {
        painted(canvas, colorOf(maps));
        canvas.dataset.drawn = view;
      });
    }
    return canvas;
  };
};
