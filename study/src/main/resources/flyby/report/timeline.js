// Draws each timeline of the report on a canvas that can be zoomed and moved. Times are picoseconds.
"use strict";
(() => {
  const LEVEL = 16, GAP = 8, AXIS = 24, COUNTER = 34, GREY = 8;
  const UNITS = [["ps", 1], ["ns", 1e3], ["us", 1e6], ["ms", 1e9], ["s", 1e12]];
  const views = [];
  const sameScale = document.getElementById("same-scale");

  const unitFor = (picos) => UNITS.findLast((unit) => Math.abs(picos) >= unit[1]) || UNITS[0];
  const timeText = (picos) => {
    const [name, scale] = unitFor(picos);
    return Number((picos / scale).toPrecision(15)) + " " + name;
  };
  const numberText = (value) => {
    const big = BigInt(value);
    return big.toString() + (big > 9n ? " = 0x" + big.toString(16) : "");
  };

  /** Undoes the delta coding of begins and sorts the numbers into arrays by level. */
  function decode(data) {
    for (const row of data.rows) {
      row.levels = Array.from({ length: Math.max(1, row.depth) }, () => []);
      let time = 0;
      for (let i = 0; i < row.slices.length; i += 6) {
        const [delta, length, depth, name, transfer, argument] = row.slices.slice(i, i + 6);
        time += delta;
        row.levels[depth].push({ begin: time, end: time + length, name, transfer, argument });
      }
      row.marks = [];
      time = 0;
      for (let i = 0; i < row.instants.length; i += 4) {
        const [delta, name, transfer, argument] = row.instants.slice(i, i + 4);
        time += delta;
        row.marks.push({ begin: time, end: time, name, transfer, argument });
      }
      row.height = row.levels.length * LEVEL + GAP;
    }
    for (const counter of data.counters) {
      counter.values = counter.values.map(Number);
      counter.low = counter.values.reduce((a, b) => Math.min(a, b), 0);
      counter.high = counter.values.reduce((a, b) => Math.max(a, b), counter.low + 1);
    }
    return data;
  }

  /** Index of the first slice that ends after `time`; the slices of one level do not overlap. */
  function firstAfter(slices, time) {
    let low = 0, high = slices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (slices[middle].end < time) low = middle + 1; else high = middle;
    }
    return low;
  }

  class View {
    constructor(figure) {
      this.data = decode(JSON.parse(figure.querySelector("script").textContent));
      this.end = Math.max(1, this.data.end);
      this.from = 0;
      this.until = this.end;
      this.box = document.createElement("div");
      this.box.className = "view";
      this.canvas = document.createElement("canvas");
      this.canvas.tabIndex = 0;
      this.canvas.setAttribute("role", "img");
      this.canvas.setAttribute("aria-label", figure.querySelector("svg").getAttribute("aria-label"));
      this.tip = document.createElement("div");
      this.tip.className = "tip";
      this.tip.hidden = true;
      this.box.append(this.canvas, this.tip);
      figure.querySelector("svg").after(this.box);
      this.height = AXIS + this.data.rows.reduce((sum, row) => sum + row.height, 0)
          + this.data.counters.length * COUNTER;
      this.canvas.style.height = this.height + "px";
      this.buttons(figure.querySelector("figcaption"));
      this.listen();
    }

    buttons(caption) {
      const tools = document.createElement("span");
      tools.className = "tools";
      const add = (text, label, action) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.setAttribute("aria-label", label + ", " + this.data.run);
        button.addEventListener("click", action);
        tools.append(button);
      };
      add("\u2212", "zoom out", () => this.zoom(2, 0.5));
      add("+", "zoom in", () => this.zoom(0.5, 0.5));
      add("all", "show all", () => this.show(0, this.full()));
      caption.append(tools);
    }

    full() {
      return sameScale.checked ? Math.max(...views.map((view) => view.end)) : this.end;
    }

    show(from, until) {
      const full = this.full();
      const span = Math.min(Math.max(until - from, 100), full);
      const start = Math.min(Math.max(0, from), full - span);
      for (const view of sameScale.checked ? views : [this]) {
        view.from = start;
        view.until = start + span;
        view.later();
      }
    }

    zoom(factor, at) {
      const span = this.until - this.from;
      const centre = this.from + span * at;
      this.show(centre - span * factor * at, centre + span * factor * (1 - at));
    }

    pan(part) {
      const by = (this.until - this.from) * part;
      this.show(this.from + by, this.until + by);
    }

    listen() {
      const canvas = this.canvas;
      const pointers = new Map();
      const at = (event) => {
        const box = canvas.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left - this.labels) / (box.width - this.labels)));
      };
      canvas.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && document.activeElement !== canvas) return;
        event.preventDefault();
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(event.deltaX / 800);
        else this.zoom(Math.exp(event.deltaY / 400), at(event));
      }, { passive: false });
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        pointers.set(event.pointerId, at(event));
      });
      canvas.addEventListener("pointermove", (event) => {
        if (!pointers.has(event.pointerId)) {
          this.hover(event);
          return;
        }
        const before = [...pointers.values()];
        pointers.set(event.pointerId, at(event));
        const after = [...pointers.values()];
        const middle = (list) => list.reduce((a, b) => a + b) / list.length;
        if (before.length === 2) {
          const ratio = Math.abs(before[0] - before[1]) / Math.max(0.02, Math.abs(after[0] - after[1]));
          this.zoom(Math.min(4, Math.max(0.25, ratio)), middle(after));
        }
        this.pan(middle(before) - middle(after));
        this.tip.hidden = true;
      });
      for (const kind of ["pointerup", "pointercancel"]) {
        canvas.addEventListener(kind, (event) => pointers.delete(event.pointerId));
      }
      canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
      canvas.addEventListener("keydown", (event) => {
        const actions = {
          ArrowLeft: () => this.pan(-0.15), a: () => this.pan(-0.15),
          ArrowRight: () => this.pan(0.15), d: () => this.pan(0.15),
          "+": () => this.zoom(0.6, 0.5), "=": () => this.zoom(0.6, 0.5), w: () => this.zoom(0.6, 0.5),
          "-": () => this.zoom(1 / 0.6, 0.5), s: () => this.zoom(1 / 0.6, 0.5),
          0: () => this.show(0, this.full()), Home: () => this.show(0, this.until - this.from),
          End: () => this.show(this.full() - (this.until - this.from), this.full()),
          Escape: () => canvas.blur(),
        };
        if (actions[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
          event.preventDefault();
          actions[event.key]();
        }
      });
    }

    later() {
      if (!this.waiting) {
        this.waiting = true;
        requestAnimationFrame(() => { this.waiting = false; this.draw(); });
      }
    }

    x(time) {
      return this.labels + (time - this.from) / (this.until - this.from) * (this.width - this.labels);
    }

    draw() {
      const style = getComputedStyle(document.documentElement);
      const colour = (name) => style.getPropertyValue("--" + name).trim();
      const palette = Array.from({ length: 12 }, (_, i) => colour("c" + i));
      const ratio = window.devicePixelRatio || 1;
      this.width = this.box.clientWidth;
      this.labels = this.width < 600 ? 84 : 150;
      this.canvas.width = Math.round(this.width * ratio);
      this.canvas.height = Math.round(this.height * ratio);
      const pen = this.canvas.getContext("2d");
      pen.scale(ratio, ratio);
      const font = getComputedStyle(document.body).fontFamily;
      pen.font = "12px " + font;
      pen.textBaseline = "middle";
      this.axis(pen, colour("quiet"), colour("line"), font);
      let y = AXIS;
      for (const row of this.data.rows) {
        pen.fillStyle = colour("ink");
        pen.textAlign = "left";
        this.clipped(pen, row.label, 0, y + LEVEL / 2, this.labels - 10);
        row.levels.forEach((slices, level) => this.slices(pen, slices, y + level * LEVEL, palette, colour("on-bar"),
            row.lane && level === 0));
        if (row.cut !== undefined) this.occupancy(pen, row, y, colour("quiet"));
        pen.fillStyle = colour("ink");
        for (const mark of row.marks) {
          const x = this.x(mark.begin);
          if (x >= this.labels && x <= this.width) this.diamond(pen, x, y + row.height - GAP + 1);
        }
        y += row.height;
      }
      for (const counter of this.data.counters) {
        this.counter(pen, counter, y, colour);
        y += COUNTER;
      }
    }

    axis(pen, quiet, line, font) {
      const span = this.until - this.from;
      const rough = span / Math.max(2, (this.width - this.labels) / 110);
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = Math.max(1, power * [1, 2, 5, 10].find((multiple) => multiple * power >= rough));
      const [unit, scale] = unitFor(this.until);
      const digits = Math.max(0, Math.ceil(-Math.log10(step / scale) - 1e-9));
      pen.font = "11px " + font;
      for (let time = Math.ceil(this.from / step) * step; time <= this.until; time += step) {
        const x = Math.round(this.x(time)) + 0.5;
        pen.strokeStyle = line;
        pen.beginPath();
        pen.moveTo(x, AXIS - 6);
        pen.lineTo(x, this.height);
        pen.stroke();
        pen.fillStyle = quiet;
        const text = (time / scale).toFixed(digits) + " " + unit;
        pen.textAlign = x + pen.measureText(text).width / 2 > this.width ? "right"
            : x - pen.measureText(text).width / 2 < this.labels ? "left" : "center";
        pen.fillText(text, x, 10);
      }
      pen.font = "12px " + font;
    }

    slices(pen, slices, y, palette, ink, whole) {
      let filledTo = -1;
      for (let i = firstAfter(slices, this.from); i < slices.length && slices[i].begin <= this.until; i++) {
        const slice = slices[i];
        const left = Math.max(this.labels, this.x(slice.begin));
        const right = Math.min(this.width, this.x(slice.end));
        if (right <= filledTo && right - left < 1) continue;
        pen.fillStyle = palette[whole ? GREY : this.data.colours[slice.name]];
        const wide = Math.max(0.6, right - left - (right - left > 4 ? 1 : 0));
        pen.fillRect(left, y, wide, LEVEL - 2);
        filledTo = left + wide;
        if (wide > 28) {
          pen.fillStyle = ink;
          pen.textAlign = "left";
          this.clipped(pen, whole ? "transfer " + slice.transfer : this.data.names[slice.name], left + 4, y + LEVEL / 2 - 1, wide - 8);
        }
      }
    }

    /** How busy a row was in the part whose slices are not all kept. */
    occupancy(pen, row, y, grey) {
      pen.fillStyle = grey;
      for (let i = Math.floor(row.cut / row.bucket); i < row.busy.length; i++) {
        const left = Math.max(this.labels, this.x(i * row.bucket));
        const right = Math.min(this.width, this.x((i + 1) * row.bucket));
        if (right > left) {
          const tall = (LEVEL - 2) * row.busy[i] / row.bucket;
          pen.fillRect(left, y + LEVEL - 2 - tall, right - left, tall);
        }
      }
    }

    counter(pen, counter, y, colour) {
      pen.fillStyle = colour("ink");
      pen.textAlign = "left";
      this.clipped(pen, counter.label, 0, y + 9, this.labels - 10);
      pen.fillStyle = colour("quiet");
      this.clipped(pen, counter.low + " to " + counter.high, 0, y + 23, this.labels - 10);
      const level = (value) => y + COUNTER - 6 - (value - counter.low) / (counter.high - counter.low) * (COUNTER - 12);
      pen.save();
      pen.beginPath();
      pen.rect(this.labels, y, this.width - this.labels, COUNTER);
      pen.clip();
      pen.strokeStyle = colour("accent");
      pen.lineWidth = 1.5;
      pen.beginPath();
      counter.times.forEach((time, i) => {
        const x = this.x(time);
        if (i > 0) pen.lineTo(x, level(counter.values[i - 1]));
        pen.lineTo(x, level(counter.values[i]));
      });
      if (counter.values.length > 0) pen.lineTo(this.x(this.end), level(counter.values.at(-1)));
      pen.stroke();
      pen.restore();
    }

    diamond(pen, x, y) {
      pen.beginPath();
      pen.moveTo(x, y - 4);
      pen.lineTo(x + 4, y);
      pen.lineTo(x, y + 4);
      pen.lineTo(x - 4, y);
      pen.fill();
    }

    clipped(pen, text, x, y, width) {
      let shown = text;
      if (pen.measureText(shown).width > width) {
        let letters = Array.from(text);
        while (letters.length > 1 && pen.measureText(letters.join("") + "\u2026").width > width) letters.pop();
        shown = letters.length > 3 ? letters.join("") + "\u2026" : "";
      }
      pen.fillText(shown, x, y);
    }

    hover(event) {
      const box = this.canvas.getBoundingClientRect();
      const px = event.clientX - box.left, py = event.clientY - box.top;
      const perPixel = (this.until - this.from) / (this.width - this.labels);
      const time = this.from + (px - this.labels) * perPixel;
      const found = px < this.labels ? null : this.find(time, py, perPixel);
      this.tip.hidden = !found;
      if (!found) return;
      this.tip.replaceChildren();
      const title = document.createElement("b");
      title.textContent = found.title;
      this.tip.append(title, found.lines.join("\n"));
      this.tip.style.left = Math.min(px + 14, Math.max(0, box.width - this.tip.offsetWidth - 4)) + "px";
      this.tip.style.top = (py + 18) + "px";
    }

    find(time, py, perPixel) {
      let y = AXIS;
      for (const row of this.data.rows) {
        if (py >= y && py < y + row.height) {
          if (py >= y + row.height - GAP - 3) {
            const mark = row.marks.find((one) => Math.abs(one.begin - time) <= 5 * perPixel);
            if (mark) return this.words(mark);
          }
          const slices = row.levels[Math.min(row.levels.length - 1, Math.floor((py - y) / LEVEL))];
          const slice = slices[firstAfter(slices, time - perPixel)];
          if (slice && slice.begin <= time + perPixel) return this.words(slice);
          if (row.cut !== undefined && time >= row.cut && time <= this.end) {
            const share = row.busy[Math.floor(time / row.bucket)] / row.bucket * 100;
            return { title: "busy " + share.toFixed(1) + " %", lines: ["in " + timeText(row.bucket) + " around this point"] };
          }
          return null;
        }
        y += row.height;
      }
      for (const counter of this.data.counters) {
        if (py >= y && py < y + COUNTER) {
          const index = counter.times.findLastIndex((one) => one <= time);
          return index < 0 ? null
              : { title: counter.label + " " + counter.values[index], lines: ["since " + timeText(counter.times[index])] };
        }
        y += COUNTER;
      }
      return null;
    }

    words(slice) {
      const lines = [(slice.end > slice.begin ? "start " : "at ") + timeText(slice.begin)];
      if (slice.end > slice.begin) lines.push("lasts " + timeText(slice.end - slice.begin));
      if (Number(slice.transfer) !== 0) lines.push("transfer " + slice.transfer);
      lines.push("argument " + numberText(slice.argument));
      return { title: this.data.names[slice.name], lines };
    }
  }

  const redraw = () => views.forEach((view) => view.later());
  document.documentElement.classList.add("has-script");
  for (const figure of document.querySelectorAll("figure.timeline")) views.push(new View(figure));
  views.forEach((view) => view.draw());
  sameScale.addEventListener("change", () => views.forEach((view) => view.show(0, view.full())));
  window.addEventListener("resize", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.documentElement.dataset.timelines = String(views.length);
})();
